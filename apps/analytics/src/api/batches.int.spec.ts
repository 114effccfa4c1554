import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BatchChecksum, OrderBatchBegun, OrderBatchEnded, type OrderCreated } from '@millrace/contracts';
import { EventContext, type Transaction } from '@millrace/messaging';
import { Transactions } from '@millrace/persistence';
import { createTestDatabase, testApplication, type TestDatabase } from '@millrace/testing';
import { orderCreated, permutations } from '@millrace/testing/runtime';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { AnalyticsConsumer, OrderToCount } from '../analytics.consumer.js';
import { AnalyticsModule } from '../analytics.module.js';
import { migrations } from '../migrations/index.js';

const consumer = new AnalyticsConsumer();

let database: TestDatabase;
let app: Awaited<ReturnType<typeof testApplication>>;

beforeAll(async () => {
  database = await createTestDatabase(stack.postgres, { schema: 'analytics', migrations });
  app = await testApplication('analytics', AnalyticsModule, { databaseUrl: database.url });
});

afterAll(async () => {
  await app.close();
  await database.drop();
});

/** Delivers something in a transaction of its own. */
type Delivery = (context: EventContext) => Promise<void>;

async function deliver(delivery: Delivery): Promise<void> {
  const transactions = new Transactions(database.dataSource);
  await transactions.run((tx: Transaction) => delivery(new EventContext(tx, 'analytics')));
}

function batchOf<Data>(...data: readonly Data[]) {
  const events = data.map((one) => {
    const id = randomUUID();
    return {
      id,
      type: 'any',
      source: '/millrace/order',
      occurredAt: new Date(),
      causationId: id,
      key: null,
      data: one,
      context: ROOT_CONTEXT,
      traceId: '0af7651916cd43dd8448eb211c80319c',
      topic: 'any',
      partition: 0,
      offset: 0n,
    };
  });
  return { events };
}

const orders =
  (...all: readonly OrderCreated[]): Delivery =>
  (context) =>
    consumer.count(batchOf(...all.map((order) => OrderToCount.read(order))), context);

const begun =
  (batchId: string): Delivery =>
  (context) =>
    consumer.begin(batchOf<OrderBatchBegun>({ batchId, begunAt: '2026-03-01T02:00:00.000Z' }), context);

function endOf(batchId: string, all: readonly OrderCreated[], minute = 1): OrderBatchEnded {
  const checksum = BatchChecksum.of(all);
  const endedAt = `2026-03-01T02:0${minute}:00.000Z`;
  return { batchId, orders: checksum.orders, refusedLines: 1, checksum: checksum.text(), endedAt };
}

const ended =
  (...ends: readonly OrderBatchEnded[]): Delivery =>
  (context) =>
    consumer.end(batchOf(...ends), context);

async function get(batchId: string) {
  const answer = await app.inject({ method: 'GET', url: `/batches/${encodeURIComponent(batchId)}` });
  return { status: answer.statusCode, body: answer.json() as Record<string, unknown> };
}

function ordersOf(batchId: string, count: number): OrderCreated[] {
  return Array.from({ length: count }, (_, index) => orderCreated({ batchId, totalMinor: 100 + index }));
}

describe('GET /batches/:id', () => {
  it('answers the same in whatever order the events of a batch have come', async () => {
    const places = permutations([0, 1, 2, 3, 4]);
    expect(places).toHaveLength(120);
    for (const [index, order] of places.entries()) {
      const batchId = `in order/${index}`;
      const [first, second, third] = ordersOf(batchId, 3) as [OrderCreated, OrderCreated, OrderCreated];
      const end = endOf(batchId, [first, second, third], 2);
      const deliveries = [
        begun(batchId),
        ended(endOf(batchId, [first, second], 1)),
        ended(end),
        orders(first, second),
        orders(third),
      ];
      for (const place of order) await deliver(deliveries[place] as Delivery);
      const { orders: count, refusedLines, checksum } = end;
      expect((await get(batchId)).body).toEqual({
        batchId,
        state: 'complete',
        arrived: { orders: count, checksum },
        announced: { orders: count, refusedLines, checksum },
        begunAt: '2026-03-01T02:00:00.000Z',
        endedAt: '2026-03-01T02:02:00.000Z',
      });
    }
  });

  it('tells an open batch from one that lacks orders and from one that has others', async () => {
    const batchId = 'step by step';
    const all = ordersOf(batchId, 3);
    const stateAfter = async (delivery: Delivery) => {
      await deliver(delivery);
      return (await get(batchId)).body['state'];
    };
    expect(await stateAfter(begun(batchId))).toBe('open');
    expect(await stateAfter(orders(...all.slice(0, 2)))).toBe('open');
    expect(await stateAfter(ended(endOf(batchId, all)))).toBe('incomplete');
    expect(await stateAfter(orders(...ordersOf(batchId, 1)))).toBe('contradicting');
    expect(await stateAfter(orders(...all.slice(2)))).toBe('contradicting');
  });

  it('counts an order once, whatever event tells of it', async () => {
    const batchId = 'twice';
    const all = ordersOf(batchId, 2);
    await deliver(orders(...all));
    await deliver(orders(...all, ...all));
    await deliver(ended(endOf(batchId, all)));
    expect((await get(batchId)).body).toMatchObject({ state: 'complete', arrived: { orders: 2 } });
  });

  it('takes the newest of several ends that come together, and the first beginning', async () => {
    const batchId = 'ends';
    const all = ordersOf(batchId, 2);
    await deliver(orders(...all));
    await deliver(ended(endOf(batchId, all.slice(1), 1), endOf(batchId, all, 3), endOf(batchId, [], 2)));
    expect((await get(batchId)).body).toMatchObject({
      state: 'complete',
      begunAt: null,
      endedAt: '2026-03-01T02:03:00.000Z',
    });
  });

  it('adds up what concurrent transactions bring, for several batches and none', async () => {
    const batches = ['many-1', 'many-2'];
    const all = batches.map((batchId) => ordersOf(batchId, 300));
    const loose = Array.from({ length: 30 }, () => orderCreated());
    const parts = Array.from({ length: 30 }, (_, part) => [
      ...all.flatMap((own) => own.slice(part * 10, part * 10 + 10)),
      loose[part] as OrderCreated,
    ]);
    await Promise.all(parts.map((part) => deliver(orders(...part))));
    await deliver(ended(...batches.map((batchId, index) => endOf(batchId, all[index] ?? []))));
    for (const batchId of batches) {
      expect((await get(batchId)).body).toMatchObject({ state: 'complete', arrived: { orders: 300 } });
    }
  });

  it('knows nothing of a batch of which nothing has come', async () => {
    expect(await get('never')).toMatchObject({
      status: 404,
      body: { type: 'urn:millrace:problem:batch-not-found' },
    });
  });
});
