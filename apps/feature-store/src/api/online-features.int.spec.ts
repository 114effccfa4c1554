import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Transactions } from '@millrace/persistence';
import { createTestDatabase, testApplication, type TestDatabase } from '@millrace/testing';
import { FeatureStoreModule } from '../feature-store.module.js';
import { migrations } from '../migrations/index.js';
import { addOrders } from '../store/add-orders.sql.js';

const features = [
  'customer_orders:count_24h',
  'customer_orders:sum_minor_24h_eur',
  'customer_orders:last_order_at',
];

describe('POST /get-online-features', () => {
  let database: TestDatabase;
  let app: Awaited<ReturnType<typeof testApplication>>;
  const placedAt = new Date(Date.now() - 5_000).toISOString();
  const post = (payload: object) => app.inject({ method: 'POST', url: '/get-online-features', payload });

  beforeAll(async () => {
    database = await createTestDatabase(stack.postgres, { schema: 'feature_store', migrations });
    app = await testApplication('feature-store', FeatureStoreModule, { databaseUrl: database.url });
    const order = { customerId: 'ada', currency: 'EUR', placedAt };
    await new Transactions(database.dataSource).run((tx) =>
      addOrders(tx, [
        { ...order, orderId: randomUUID(), eventId: randomUUID(), sumMinor: 5_970 },
        { ...order, orderId: randomUUID(), eventId: randomUUID(), sumMinor: 30 },
      ]),
    );
  });
  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  it("answers in the shape of Feast's feature server", async () => {
    const response = await post({ features, entities: { customer_id: ['ada', 'nobody'] } });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({
      metadata: { feature_names: ['customer_id', 'count_24h', 'sum_minor_24h_eur', 'last_order_at'] },
      results: [
        {
          values: ['ada', 'nobody'],
          statuses: ['PRESENT', 'PRESENT'],
          event_timestamps: ['1970-01-01T00:00:00.000Z', '1970-01-01T00:00:00.000Z'],
        },
        ...[2, 6_000, placedAt].map((value) => ({
          values: [value, null],
          statuses: ['PRESENT', 'NOT_FOUND'],
          event_timestamps: [placedAt, '1970-01-01T00:00:00.000Z'],
        })),
      ],
    });
  });

  it('answers for 1,000 entities, the same one twice among them', async () => {
    const ids = [...Array.from({ length: 999 }, (_, index) => `c-${index}`), 'ada'];
    ids[0] = 'ada';
    const { results } = (await post({ features, entities: { customer_id: ids } })).json();
    expect([results[1].values[0], results[1].values[1], results[1].values[999]]).toEqual([2, null, 2]);
  });

  it.each([
    ['an unknown feature', { features: ['customer_orders:nothing'], entities: { customer_id: ['ada'] } }],
    ['an unknown entity', { features, entities: { driver_id: ['1'] } }],
    ['no entity', { features, entities: {} }],
    ['no features', { features: [], entities: { customer_id: ['ada'] } }],
    ['too many entities', { features, entities: { customer_id: Array(1_001).fill('ada') } }],
    ['an id that is no text', { features, entities: { customer_id: [1_001] } }],
    ['a NUL character', { features, entities: { customer_id: ['\u0000'] } }],
    ['an unknown field', { features, entities: { customer_id: ['ada'] }, feature_service: 'x' }],
  ])('refuses %s with a problem', async (_what, payload) => {
    const response = await post(payload);
    expect(response.statusCode).toBe(422);
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
  });

  it('names the features that exist when one does not', async () => {
    const response = await post({ features: ['x:y'], entities: { customer_id: ['ada'] } });
    expect(response.json()).toMatchObject({
      status: 422,
      detail: expect.stringContaining('customer_orders:count_24h'),
    });
  });
});
