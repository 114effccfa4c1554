import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Transactions } from '@millrace/persistence';
import { createTestDatabase, testApplication, type TestDatabase } from '@millrace/testing';
import { AnalyticsModule } from '../analytics.module.js';
import { migrations } from '../migrations/index.js';
import { addOrders } from '../store/add-orders.sql.js';

describe('GET /totals', () => {
  let database: TestDatabase;
  let app: Awaited<ReturnType<typeof testApplication>>;
  const get = (query: string) => app.inject({ method: 'GET', url: `/totals${query}` });

  beforeAll(async () => {
    database = await createTestDatabase(stack.postgres, { schema: 'analytics', migrations });
    app = await testApplication('analytics', AnalyticsModule, { databaseUrl: database.url });
    const orders = ['us USD 5', 'eu-west EUR 7', 'us EUR 1', 'us USD 9007199254740991'].map((line) => {
      const [region = '', currency = '', revenue] = line.split(' ');
      const placedAt = '2026-03-01T10:15:30.000Z';
      return {
        orderId: randomUUID(),
        eventId: randomUUID(),
        region,
        currency,
        revenueMinor: Number(revenue),
        placedAt,
      };
    });
    await new Transactions(database.dataSource).run((tx) => addOrders(tx, orders));
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  it('lists every region and currency in one order, revenue as text', async () => {
    const response = await get('');
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({
      items: [
        { region: 'eu-west', currency: 'EUR', orders: 1, revenueMinor: '7' },
        { region: 'us', currency: 'EUR', orders: 1, revenueMinor: '1' },
        { region: 'us', currency: 'USD', orders: 2, revenueMinor: '9007199254740996' },
      ],
    });
  });

  it.each([
    ['?region=us', 2],
    ['?currency=EUR', 2],
    ['?region=us&currency=EUR', 1],
    ['?region=mars', 0],
  ])('lists what %s matches', async (query, items) => {
    expect((await get(query)).json().items).toHaveLength(items);
  });

  it.each(['?currency=eur', '?region=us&region=eu', '?region=%00%00', '?regoin=us'])(
    'refuses %s with a problem',
    async (query) => {
      const response = await get(query);
      expect(response.statusCode).toBe(422);
      expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    },
  );
});
