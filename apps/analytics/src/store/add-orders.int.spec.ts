import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Transactions } from '@millrace/persistence';
import { createTestDatabase, type TestDatabase } from '@millrace/testing';
import { migrations } from '../migrations/index.js';
import { addOrders, type OrderFact } from './add-orders.sql.js';
import { TotalEntity } from './total.entity.js';
import { TotalStore } from './total.store.js';

const REGIONS = ['eu-west', 'us', 'APAC', 'eu-east'];
const CURRENCIES = ['EUR', 'USD', 'JPY'];

function order(index: number, fields: Partial<OrderFact> = {}): OrderFact {
  return {
    orderId: randomUUID(),
    eventId: randomUUID(),
    region: REGIONS[index % REGIONS.length] ?? 'us',
    currency: CURRENCIES[index % CURRENCIES.length] ?? 'EUR',
    revenueMinor: 100 + index,
    placedAt: '2026-03-01T10:15:30.000Z',
    ...fields,
  };
}

describe('addOrders', () => {
  let database: TestDatabase;
  let transactions: Transactions;
  let totals: TotalStore;
  const add = (orders: readonly OrderFact[]) => transactions.run((tx) => addOrders(tx, orders));

  beforeAll(async () => {
    database = await createTestDatabase(stack.postgres, {
      schema: 'analytics',
      migrations,
      entities: [TotalEntity],
    });
    transactions = new Transactions(database.dataSource);
    totals = new TotalStore(transactions);
  });
  afterEach(() => transactions.read('TRUNCATE order_fact, total'));
  afterAll(() => database.drop());

  it('adds a batch to the totals of its regions and currencies', async () => {
    await add([
      order(0, { region: 'us', currency: 'USD', revenueMinor: 500 }),
      order(0, { region: 'eu-west', currency: 'EUR', revenueMinor: 0 }),
      order(0, { region: 'us', currency: 'USD', revenueMinor: 250 }),
    ]);
    await add([order(0, { region: 'us', currency: 'EUR', revenueMinor: 1 })]);

    expect(await totals.find({})).toEqual([
      { region: 'eu-west', currency: 'EUR', orders: '1', revenueMinor: '0' },
      { region: 'us', currency: 'EUR', orders: '1', revenueMinor: '1' },
      { region: 'us', currency: 'USD', orders: '2', revenueMinor: '750' },
    ]);
    expect(await totals.find({ region: 'us', currency: 'USD' })).toHaveLength(1);
  });

  it('counts an order once, whether it comes twice in a batch or again in another', async () => {
    const twice = order(0);
    await add([twice, order(1), twice]);
    await add([{ ...twice, eventId: randomUUID() }, order(2)]);

    const rows = await totals.find({});
    expect(rows.reduce((sum, { orders }) => sum + Number(orders), 0)).toBe(3);
  });

  it('stays exact where a sum passes 64 bits', async () => {
    const many = Array.from({ length: 1_100 }, () =>
      order(0, { region: 'us', currency: 'USD', revenueMinor: Number.MAX_SAFE_INTEGER }),
    );
    await add(many);

    const [total] = await totals.find({});
    expect(total?.revenueMinor).toBe(String(BigInt(Number.MAX_SAFE_INTEGER) * 1_100n));
    expect(BigInt(total?.revenueMinor ?? 0)).toBeGreaterThan(2n ** 63n);
  });

  it('leaves nothing of a batch that rolls back', async () => {
    const lost = transactions.run(async (tx) => {
      addOrders(tx, [order(0)]);
      throw new Error('later in the transaction');
    });
    await expect(lost).rejects.toThrow('later');
    expect(await totals.find({})).toEqual([]);
    expect(await transactions.read('SELECT FROM order_fact')).toEqual([]);
  });

  it('is exact and free of deadlocks when batches with the same keys run at once', async () => {
    const orders = Array.from({ length: 2_000 }, (_, index) => order(index));
    const batches = Array.from({ length: 60 }, (_, batch) =>
      Array.from({ length: 100 }, (__, index) => orders[(batch * 37 + index * 61) % orders.length]),
    ).map((batch) => batch.filter((each) => each !== undefined));
    await Promise.all(batches.map(add));

    const counted = new Set(batches.flat());
    const rows = await totals.find({});
    expect(rows.reduce((sum, row) => sum + Number(row.orders), 0)).toBe(counted.size);
    expect(rows.reduce((sum, row) => sum + Number(row.revenueMinor), 0)).toBe(
      [...counted].reduce((sum, { revenueMinor }) => sum + revenueMinor, 0),
    );
    const recomputed = await transactions.read(
      `SELECT region, currency, count(*)::text AS orders, sum(revenue_minor)::text AS "revenueMinor"
         FROM order_fact GROUP BY region, currency ORDER BY region, currency`,
    );
    expect(rows).toEqual(recomputed);
  });
});
