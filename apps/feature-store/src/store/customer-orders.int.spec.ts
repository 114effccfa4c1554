import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Transactions } from '@millrace/persistence';
import { createTestDatabase, type TestDatabase } from '@millrace/testing';
import { windowUntil } from '../domain/time-window.js';
import { migrations } from '../migrations/index.js';
import { addOrders, type CustomerOrder } from './add-orders.sql.js';
import { CustomerOrdersStore } from './customer-orders.store.js';

const now = new Date('2026-03-02T12:00:30.000Z');
const day = windowUntil(now, 86_400_000);

function order(customerId: string, placedAt: string, fields: Partial<CustomerOrder> = {}): CustomerOrder {
  return {
    orderId: randomUUID(),
    eventId: randomUUID(),
    customerId,
    currency: 'EUR',
    sumMinor: 100,
    placedAt,
    ...fields,
  };
}

describe('CustomerOrdersStore', () => {
  let database: TestDatabase;
  let transactions: Transactions;
  let store: CustomerOrdersStore;
  const add = (orders: readonly CustomerOrder[]) => transactions.run((tx) => addOrders(tx, orders));

  beforeAll(async () => {
    database = await createTestDatabase(stack.postgres, { schema: 'feature_store', migrations });
    transactions = new Transactions(database.dataSource);
    store = new CustomerOrdersStore(transactions);
  });
  afterEach(() => transactions.read('TRUNCATE customer_order_event, customer_order_tile, customer_latest'));
  afterAll(() => database.drop());

  it('sums a customer by currency over the last 24 hours of event time', async () => {
    await add([
      order('ada', '2026-03-01T11:59:59.999Z'),
      order('ada', '2026-03-01T12:00:00.000Z', { sumMinor: 1 }),
      order('ada', '2026-03-02T12:00:29.000Z', { sumMinor: 20 }),
      order('ada', '2026-03-02T12:00:10+02:00', { sumMinor: 300, currency: 'USD' }),
      order('ada', '2026-03-02T12:01:00.000Z', { sumMinor: 4_000 }),
      order('bob', '2026-01-01T00:00:00.000Z'),
    ]);

    const found = await store.find(['ada', 'bob', 'nobody', "x' OR true--"], day);
    expect([...found.keys()].sort()).toEqual(['ada', 'bob']);
    expect(found.get('ada')).toEqual({
      lastOrderAt: new Date('2026-03-02T12:01:00.000Z'),
      sums: new Map([
        ['EUR', { orders: 2n, sumMinor: 21n }],
        ['USD', { orders: 1n, sumMinor: 300n }],
      ]),
    });
    expect(found.get('bob')?.sums.size).toBe(0);
  });

  it('adds an order once and lets an older one change no latest time', async () => {
    const late = order('ada', '2026-03-02T11:00:00.000Z');
    await add([late, late]);
    await add([order('ada', '2026-03-02T10:00:00.000Z'), { ...late, eventId: randomUUID() }]);

    const ada = (await store.find(['ada'], day)).get('ada');
    expect(ada).toEqual({
      lastOrderAt: new Date('2026-03-02T11:00:00.000Z'),
      sums: new Map([['EUR', { orders: 2n, sumMinor: 200n }]]),
    });
  });

  it('keeps sums that pass 64 bits exact', async () => {
    await add(
      Array.from({ length: 1_100 }, () =>
        order('ada', now.toISOString(), { sumMinor: Number.MAX_SAFE_INTEGER }),
      ),
    );
    const ada = (await store.find(['ada'], day)).get('ada');
    expect(ada?.sums.get('EUR')?.sumMinor).toBe(BigInt(Number.MAX_SAFE_INTEGER) * 1_100n);
  });

  it('is exact and free of deadlocks when batches with the same customers run at once', async () => {
    const orders = Array.from({ length: 2_000 }, (_, index) =>
      order(`c-${index % 23}`, new Date(now.getTime() - (index % 7) * 60_000).toISOString(), {
        currency: index % 3 === 0 ? 'USD' : 'EUR',
        sumMinor: index,
      }),
    );
    const batches = Array.from({ length: 60 }, (_, batch) =>
      orders.filter((__, index) => (index * 7_919 + batch * 37) % 20 === 0),
    );
    await Promise.all(batches.map((batch, index) => add(index % 2 ? batch : batch.toReversed())));

    const counted = [...new Set(batches.flat())];
    const sums = [
      ...(
        await store.find(
          [...Array(23).keys()].map((id) => `c-${id}`),
          day,
        )
      ).values(),
    ].flatMap((state) => [...state.sums.values()]);
    expect(sums.reduce((total, sum) => total + sum.orders, 0n)).toBe(BigInt(counted.length));
    expect(sums.reduce((total, sum) => total + sum.sumMinor, 0n)).toBe(
      BigInt(counted.reduce((total, { sumMinor }) => total + sumMinor, 0)),
    );
    const difference = await transactions.read(
      `SELECT customer_id, minute, currency, orders, sum_minor FROM customer_order_tile
       EXCEPT
       SELECT customer_id, date_trunc('minute', event_ts), currency, count(*), sum(sum_minor)
         FROM customer_order_event GROUP BY 1, 2, 3`,
    );
    expect(difference).toEqual([]);
  });
});
