import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@millrace/testing';
import type { FailedEvent } from '@millrace/messaging';
import { ConsumerTables1 } from '../migrations/consumer-tables-1.migration.js';
import { PostgresConsumerStore } from '../postgres-consumer-store.js';

const GROUP = 'fraud';
const AT = Date.parse('2026-03-01T12:00:00.500Z');

describe('failed events', () => {
  let database: TestDatabase;
  let store: PostgresConsumerStore;

  beforeAll(async () => {
    database = await createTestDatabase(stack.postgres, { schema: 'fraud', migrations: [ConsumerTables1] });
    store = new PostgresConsumerStore(database.dataSource);
  });

  afterAll(async () => {
    await database.drop();
  });

  function failure(eventId: string, more: Partial<FailedEvent> = {}): FailedEvent {
    return {
      group: GROUP,
      eventId,
      state: 'dying',
      attempt: 0,
      reason: 'DECODE',
      errorClass: 'DecodeError',
      errorMessage: 'the payload is not JSON in UTF-8',
      topic: 'order.created',
      partition: 5,
      offset: 2n ** 62n,
      ...more,
    };
  }

  async function rowOf(eventId: string): Promise<Record<string, unknown> | undefined> {
    const [row] = await database.dataSource.query<Record<string, unknown>[]>(
      'SELECT * FROM failed_event WHERE event_id = $1',
      [eventId],
    );
    return row;
  }

  it('keep everything that is known of them', async () => {
    const id = randomUUID();
    await store.recordFailure(failure(id), AT);
    expect(await rowOf(id)).toMatchObject({
      consumer_group: GROUP,
      state: 'dying',
      acked: false,
      attempt: 0,
      reason: 'DECODE',
      error_class: 'DecodeError',
      topic: 'order.created',
      partition: 5,
      source_offset: '4611686018427387904',
      updated_at: new Date(AT),
    });
  });

  it('are recorded anew while they are not acknowledged', async () => {
    const id = randomUUID();
    await store.recordFailure(failure(id), AT);
    expect(await store.recordFailure(failure(id, { attempt: 2, reason: 'FATAL' }), AT + 1)).toBe('recorded');
    expect(await rowOf(id)).toMatchObject({
      attempt: 2,
      reason: 'FATAL',
      acked: false,
      updated_at: new Date(AT + 1),
    });
  });

  it('are dead for good once they are acknowledged', async () => {
    const id = randomUUID();
    await store.recordFailure(failure(id), AT);
    await store.acknowledgeFailure(GROUP, id, AT + 1);
    expect(await rowOf(id)).toMatchObject({ state: 'dead', acked: true, updated_at: new Date(AT + 1) });
    expect(await store.recordFailure(failure(id, { attempt: 9 }), AT + 2)).toBe('already-dead');
    expect(await rowOf(id)).toMatchObject({ attempt: 0, acked: true });
  });

  it('do not arise from an event that took effect', async () => {
    const id = randomUUID();
    await store.transaction((tx) => store.claim(tx, GROUP, [{ eventId: id, receivedAt: AT }], AT));
    expect(await store.recordFailure(failure(id), AT)).toBe('already-done');
    expect(await rowOf(id)).toBeUndefined();
  });

  it('are recorded once by two owners at the same time', async () => {
    const id = randomUUID();
    const owners = Array.from({ length: 8 }, (_, attempt) =>
      store.recordFailure(failure(id, { attempt }), AT),
    );
    expect(new Set(await Promise.all(owners))).toEqual(new Set(['recorded']));
    expect(await rowOf(id)).toMatchObject({ state: 'dying' });
  });

  it('have one of the known states', async () => {
    const wrong = { ...failure(randomUUID()), state: 'lost' };
    await expect(store.recordFailure(wrong as FailedEvent, AT)).rejects.toThrow('failed_event_state_check');
  });

  it('are told beside done and unknown ones, in the order asked', async () => {
    const [done, dead, unknown, dying] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    await store.transaction((tx) => store.claim(tx, GROUP, [{ eventId: done, receivedAt: AT }], AT));
    await store.recordFailure(failure(dead, { attempt: 3, reason: 'EXHAUSTED' }), AT);
    await store.acknowledgeFailure(GROUP, dead, AT);
    await store.recordFailure(failure(dying), AT);
    expect(await store.statesOf(GROUP, [dying, done, dead, unknown, done])).toEqual([
      { eventId: dying, state: 'dying', attempts: 0, reason: 'DECODE' },
      { eventId: done, state: 'done', processedAt: new Date(AT) },
      { eventId: dead, state: 'dead', attempts: 3, reason: 'EXHAUSTED' },
      { eventId: unknown, state: 'unknown' },
      { eventId: done, state: 'done', processedAt: new Date(AT) },
    ]);
    expect(await store.statesOf('analytics', [done])).toEqual([{ eventId: done, state: 'unknown' }]);
    expect(await store.statesOf(GROUP, [])).toEqual([]);
  });
});
