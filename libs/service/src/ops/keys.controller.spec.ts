import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Module } from '@nestjs/common';
import { ConsumerStore, type BrokerRecord, type ParkedRecord } from '@millrace/messaging';
import { testApplication } from '@millrace/testing';
import { MemoryConsumerStore } from '@millrace/testing/runtime';
import { ServiceModule } from '../module.js';
import { KeysController } from './keys.controller.js';

const GROUP = 'bare';
const store = new MemoryConsumerStore();

@Module({
  imports: [ServiceModule.forService({ name: GROUP, database: false })],
  controllers: [KeysController],
  providers: [{ provide: ConsumerStore, useValue: store }],
})
class OpsModule {}

let app: Awaited<ReturnType<typeof testApplication>>;

beforeAll(async () => {
  app = await testApplication(GROUP, OpsModule);
});

afterAll(async () => {
  await app.close();
});

beforeEach(() => {
  store.down = false;
});

function post(key: string, what: string) {
  return app.inject({ method: 'POST', url: `/ops/keys/${encodeURIComponent(key)}/${what}` });
}

function parked(key: string, eventId: string, offset: bigint): ParkedRecord {
  const record: BrokerRecord = {
    topic: 'order.created',
    partition: 4,
    offset,
    key: Buffer.from(key),
    value: null,
    headers: {},
    timestamp: 0,
  };
  return { eventId, key: Buffer.from(key), record, receivedAt: 0 };
}

/** Blocks a key of that text by a dead event; another one waits behind it. */
async function block(text: string): Promise<{ head: string; follower: string }> {
  const [head, follower] = [randomUUID(), randomUUID()];
  const key = Buffer.from(text);
  const place = { topic: 'order.created', partition: 4, offset: 7n };
  const why = { reason: 'FATAL', errorClass: 'FatalError', errorMessage: 'no', firstFailureAt: 0 } as const;
  await store.park(GROUP, [parked(text, head, 7n), parked(text, follower, 8n)], 0);
  await store.recordFailure({ group: GROUP, eventId: head, state: 'dying', attempt: 1, ...place, ...why }, 0);
  const acknowledged = { group: GROUP, eventId: head, attempt: 1, head: { ...place, key, stays: true } };
  await store.acknowledgeFailure(acknowledged, 0);
  return { head, follower };
}

describe('POST /ops/keys/:key/release and /discard', () => {
  it.each([
    ['release', 'order 7/ä', 'dead'],
    ['discard', 'order-8', 'resolved'],
  ])('%s the dead head of a blocked key', async (what, key, state) => {
    const { head, follower } = await block(key);
    const answer = await post(key, what);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      items: [{ topic: 'order.created', partition: 4, eventId: head, waiting: 1 }],
    });
    expect((await store.statesOf(GROUP, [head, follower])).map((status) => status.state)).toEqual([
      state,
      'parked',
    ]);
    expect((await post(key, what)).statusCode).toBe(404);
  });

  it('answers 404 with a problem when no dead head blocks the key', async () => {
    const answer = await post('unknown', 'discard');
    expect(answer.statusCode).toBe(404);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.json()).toMatchObject({ type: 'urn:millrace:problem:key-not-blocked', status: 404 });
  });

  it('refuses what is no key, and what nobody may do to one', async () => {
    expect((await post('\0', 'release')).statusCode).toBe(422);
    expect((await post('order-8', 'delete')).statusCode).toBe(404);
    expect((await app.inject({ method: 'GET', url: '/ops/keys/order-8/release' })).statusCode).toBe(404);
  });

  it('answers 503 while the database is away', async () => {
    store.down = true;
    expect((await post('order-8', 'release')).statusCode).toBe(503);
  });

  it('is described in the API', async () => {
    const answer = await app.inject({ method: 'GET', url: '/docs-json' });
    const { paths } = answer.json() as { paths: Record<string, object> };
    for (const what of ['release', 'discard']) {
      expect(paths[`/ops/keys/{key}/${what}`]).toMatchObject({
        post: { responses: { 200: {}, 404: { content: { 'application/problem+json': {} } }, 503: {} } },
      });
    }
  });
});
