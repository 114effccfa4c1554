import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ViewData } from '@millrace/contracts';
import { EventContext, type ReceivedEvent } from '@millrace/messaging';
import { Outbox } from '@millrace/outbox';
import { Transactions } from '@millrace/persistence';
import { ROOT_CONTEXT } from '@millrace/telemetry';
import { createTestDatabase, type TestDatabase } from '@millrace/testing';
import { FraudConsumer, OrderToAssess } from './fraud.consumer.js';
import { liveRuleset } from './live-ruleset.js';
import { migrations } from './migrations/index.js';
import { AssessmentEntity } from './store/assessment.entity.js';
import { AssessmentStore } from './store/assessment.store.js';

type Order = ReceivedEvent<ViewData<typeof OrderToAssess>>;

const CONNECTIONS = 8;
const HOUR = 3_600_000;
const NOON = Date.parse('2026-03-01T12:00:00.000Z');

const ruleset = liveRuleset({});
let database: TestDatabase;
let transactions: Transactions;
let assessments: AssessmentStore;
let consumer: FraudConsumer;

beforeAll(async () => {
  database = await createTestDatabase(stack.postgres, {
    schema: 'fraud',
    migrations,
    entities: [AssessmentEntity],
    poolSize: CONNECTIONS,
  });
  transactions = new Transactions(database.dataSource);
  assessments = new AssessmentStore(transactions, ruleset);
  consumer = new FraudConsumer(assessments, new Outbox());
});

afterAll(() => database.drop());

beforeEach(async () => {
  await database.dataSource.query('TRUNCATE assessment, customer_activity, outbox');
});

function order(customerId: string, data: Partial<Order['data']> = {}): Order {
  const id = randomUUID();
  const orderId = data.orderId ?? randomUUID();
  return {
    id,
    type: 'order.created',
    source: '/millrace/order',
    occurredAt: new Date(),
    causationId: id,
    key: orderId,
    data: {
      customerId,
      currency: 'EUR',
      totalMinor: 2_990,
      placedAt: new Date(NOON).toISOString(),
      ...data,
      orderId,
    },
    context: ROOT_CONTEXT,
    traceId: '0af7651916cd43dd8448eb211c80319c',
    topic: 'order.created',
    partition: 0,
    offset: 0n,
  };
}

function placed(customerId: string, afterNoonMs: number): Order {
  return order(customerId, { placedAt: new Date(NOON + afterNoonMs).toISOString() });
}

function handle(events: readonly Order[]): Promise<void> {
  return transactions.run((tx) => consumer.assess({ events }, new EventContext(tx, 'fraud')));
}

async function outcomes(orders: readonly Order[]): Promise<(string | undefined)[]> {
  const found = await Promise.all(orders.map(({ data }) => assessments.find(data.orderId)));
  return found.map((assessment) => assessment?.outcome);
}

interface Told {
  readonly aggregate_id: string;
  readonly causation_id: string;
  readonly payload: string;
}

function told(): Promise<Told[]> {
  return transactions.read<Told>('SELECT aggregate_id, causation_id, payload FROM outbox ORDER BY id');
}

const repeated = <Value>(times: number, value: Value): Value[] => Array.from({ length: times }, () => value);

describe('a decision', () => {
  it('keeps everything that explains it, and is told with the order as its cause', async () => {
    const dear = order('c-1', { totalMinor: 100_000 });
    const cheap = order('c-2');
    await handle([dear, cheap]);

    expect(await assessments.find(dear.data.orderId)).toMatchObject({
      eventId: dear.id,
      outcome: 'review',
      score: 300,
      hits: [{ rule: 'amount.high', because: 'fired', score: 300, atLeast: 'approve' }],
      inputs: { currency: 'EUR', totalMinor: 100_000, placedAt: dear.data.placedAt, customerOrders: 1 },
      thresholds: { velocity: { limit: 10, windowMs: HOUR }, bands: { review: 300, decline: 700 } },
      rulesetHash: ruleset.hash,
      traceId: dear.traceId,
      live: true,
    });
    const events = await told();
    expect(events.map((event) => event.aggregate_id)).toEqual([dear.data.orderId, cheap.data.orderId]);
    expect(events.map((event) => event.causation_id)).toEqual([dear.id, cheap.id]);
    expect(JSON.parse(events[0]?.payload ?? '')).toMatchObject({ outcome: 'review', hits: ['amount.high'] });
  });

  it('leaves nothing when its transaction fails', async () => {
    const failing = transactions.run(async (tx) => {
      await consumer.assess({ events: [order('c-1')] }, new EventContext(tx, 'fraud'));
      throw new Error('forced');
    });
    await expect(failing).rejects.toThrow('forced');
    expect(await told()).toEqual([]);
    expect(await transactions.read('SELECT FROM assessment')).toEqual([]);
    expect(await transactions.read('SELECT FROM customer_activity')).toEqual([]);
  });

  it('is made once for an order: a second event is answered with it and not counted', async () => {
    const first = order('c-1', { totalMinor: 100_000 });
    const again = { ...order('c-1'), data: { ...first.data, totalMinor: 1 } };
    await handle([first, again]);
    await handle([{ ...order('c-1'), data: { ...first.data, orderId: first.data.orderId.toUpperCase() } }]);
    await handle([order('c-1', { orderId: randomUUID() })]);

    const payloads = (await told()).map(({ payload }) => payload);
    expect(payloads.slice(0, 3)).toEqual(repeated(3, payloads[0]));
    expect(await transactions.read('SELECT FROM assessment')).toHaveLength(2);
    expect(await transactions.read('SELECT FROM customer_activity')).toHaveLength(2);
  });
});

describe('velocity', () => {
  it('lets exactly the first ten orders of a customer in a batch pass', async () => {
    const orders = repeated(25, 'c-1').map((customer) => order(customer));
    await handle(orders);
    expect(await outcomes(orders)).toEqual([...repeated(10, 'approve'), ...repeated(15, 'decline')]);
  });

  it('counts on from batch to batch, each customer alone', async () => {
    const orders = repeated(12, 'c-1').map((customer) => order(customer));
    await handle(orders.slice(0, 6));
    await handle([...orders.slice(6), order('c-2')]);
    expect(await outcomes(orders)).toEqual([...repeated(10, 'approve'), ...repeated(2, 'decline')]);
  });

  it('looks at event time on both sides, as far as the window and no further', async () => {
    const around = [-HOUR - 1, -HOUR, -1, 0, 1, HOUR, HOUR + 1].map((offset) => placed('c-1', offset));
    await handle(around);
    const last = placed('c-1', 0);
    await handle([last]);
    expect(await assessments.find(last.data.orderId)).toMatchObject({ inputs: { customerOrders: 6 } });
  });

  it('counts orders of a later event time when they were decided before', async () => {
    await handle(repeated(10, 'c-1').map((customer) => placed(customer, 60_000)));
    const early = placed('c-1', 0);
    await handle([early]);
    expect(await outcomes([early])).toEqual(['decline']);
  });

  it('holds on many connections: of each customer’s 50 orders exactly the first ten decided pass', async () => {
    const orders = Array.from({ length: 5_000 }, (_, index) => placed(`c-${(index * 37) % 100}`, index));
    // Dealt out by twelves, the orders of each customer lie in many batches.
    const batches = Array.from({ length: 100 }, (_, batch) =>
      orders.filter((_order, index) => Math.floor(index / 12) % 100 === batch),
    );
    await Promise.all(batches.map(handle));

    const perCustomer = await transactions.read<{ passed: boolean[] }>(`
      SELECT array_agg(a.outcome = 'approve' ORDER BY c.decision) AS passed
        FROM customer_activity c JOIN assessment a USING (order_id)
       GROUP BY c.customer_id`);
    expect(perCustomer).toHaveLength(100);
    const expected = [...repeated(10, true), ...repeated(40, false)];
    expect(perCustomer.every(({ passed }) => passed.join() === expected.join())).toBe(true);
    expect(await told()).toHaveLength(5_000);
  });

  it('stops counting a hot customer at 1,000', async () => {
    await database.dataSource.query(`
      INSERT INTO customer_activity (order_id, customer_id, placed_at)
      SELECT gen_random_uuid(), 'hot', '2026-03-01T12:00:00Z' FROM generate_series(1, 5000)`);
    const orders = [order('hot'), order('hot')];
    await handle(orders);
    const found = await assessments.find(orders[1]?.data.orderId ?? '');
    expect(found).toMatchObject({ outcome: 'decline', inputs: { customerOrders: 1_000 } });
  });
});

describe('a batch', () => {
  it('may be as large as 500 orders of as many customers', async () => {
    const orders = Array.from({ length: 500 }, (_, index) => order(`c-${index}`));
    await handle(orders);
    expect(new Set(await outcomes(orders))).toEqual(new Set(['approve']));
    expect((await told()).map((event) => event.causation_id)).toEqual(orders.map(({ id }) => id));
  });
});
