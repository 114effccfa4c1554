import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EventContext } from '@millrace/messaging';
import { Outbox } from '@millrace/outbox';
import { FraudBench, order } from './fraud-bench.fixture.js';
import { FraudConsumer } from './fraud.consumer.js';

let bench: FraudBench;

beforeAll(async () => {
  bench = await FraudBench.create(stack.postgres);
});
afterAll(() => bench.database.drop());
beforeEach(() => bench.clear());

interface Told {
  readonly aggregate_id: string;
  readonly causation_id: string;
  readonly payload: string;
}

function told(): Promise<Told[]> {
  return bench.rows<Told>('SELECT aggregate_id, causation_id, payload FROM outbox ORDER BY id');
}

const repeated = <Value>(times: number, value: Value): Value[] => Array.from({ length: times }, () => value);

describe('a decision', () => {
  it('keeps everything that explains it, and is told with the order as its cause', async () => {
    const dear = order('c-1', { totalMinor: 100_000 });
    const cheap = order('c-2');
    await bench.handle([dear, cheap]);

    expect(await bench.assessments.find(dear.data.orderId)).toMatchObject({
      eventId: dear.id,
      outcome: 'review',
      score: 300,
      hits: [{ rule: 'amount.high', because: 'fired', score: 300, atLeast: 'approve' }],
      inputs: {
        currency: 'EUR',
        totalMinor: 100_000,
        placedAt: dear.data.placedAt,
        activity: { 'customer.1h': { orders: 1, sumMinor: '100000' } },
        lists: [],
      },
      thresholds: { bands: { review: 300, decline: 700 }, rules: { 'amount.high': { from: 100_000 } } },
      rulesetHash: bench.rulesets.live.hash,
      traceId: dear.traceId,
      live: true,
    });
    const events = await told();
    expect(events.map((event) => event.aggregate_id)).toEqual([dear.data.orderId, cheap.data.orderId]);
    expect(events.map((event) => event.causation_id)).toEqual([dear.id, cheap.id]);
    expect(JSON.parse(events[0]?.payload ?? '')).toMatchObject({ outcome: 'review', hits: ['amount.high'] });
  });

  it('leaves nothing when its transaction fails', async () => {
    const failing = bench.transactions.run(async (tx) => {
      const consumer = new FraudConsumer(bench.assessments, bench.reviews, new Outbox());
      await consumer.assess({ events: [order('c-1')] }, new EventContext(tx, 'fraud'));
      throw new Error('forced');
    });
    await expect(failing).rejects.toThrow('forced');
    expect(await told()).toEqual([]);
    expect(await bench.rows('SELECT FROM assessment')).toEqual([]);
    expect(await bench.rows('SELECT FROM activity')).toEqual([]);
  });

  it('is made once for an order: a second event is answered with it and not counted', async () => {
    const first = order('c-1', { totalMinor: 100_000 });
    const again = { ...order('c-1'), data: { ...first.data, totalMinor: 1 } };
    await bench.handle([first, again]);
    await bench.handle([
      { ...order('c-1'), data: { ...first.data, orderId: first.data.orderId.toUpperCase() } },
    ]);
    await bench.handle([order('c-1', { orderId: randomUUID() })]);

    const payloads = (await told()).map(({ payload }) => payload);
    expect(payloads.slice(0, 3)).toEqual(repeated(3, payloads[0]));
    expect(await bench.rows('SELECT FROM assessment')).toHaveLength(2);
    expect(await bench.rows('SELECT FROM activity')).toHaveLength(2);
  });
});

describe('a batch', () => {
  it('may be as large as 500 orders of as many customers', async () => {
    const orders = Array.from({ length: 500 }, (_, index) => order(`c-${index}`));
    await bench.handle(orders);
    expect(new Set(await bench.outcomes(orders))).toEqual(new Set(['approve']));
    expect((await told()).map((event) => event.causation_id)).toEqual(orders.map(({ id }) => id));
  });
});
