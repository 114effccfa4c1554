import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Transactions } from '@millrace/persistence';
import { createTestDatabase, testApplication, type TestDatabase } from '@millrace/testing';
import { InventoryModule } from '../inventory.module.js';
import { migrations } from '../migrations/index.js';
import { ReservationStore } from '../store/reservation.store.js';

let database: TestDatabase;
let app: Awaited<ReturnType<typeof testApplication>>;

beforeAll(async () => {
  database = await createTestDatabase(stack.postgres, { schema: 'inventory', migrations });
  app = await testApplication('inventory', InventoryModule, { databaseUrl: database.url });
});

afterAll(async () => {
  await app.close();
  await database.drop();
});

async function get(url: string): Promise<{ status: number; body: unknown }> {
  const { statusCode, body } = await app.inject({ method: 'GET', url });
  return { status: statusCode, body: JSON.parse(body) };
}

async function put(sku: string, body: string | object): Promise<{ status: number; body: unknown }> {
  const answer = await app.inject({
    method: 'PUT',
    url: `/stock/${encodeURIComponent(sku)}`,
    headers: { 'content-type': 'application/json' },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: answer.statusCode, body: JSON.parse(answer.body) };
}

async function reserve(...lines: { sku: string; quantity: number }[]): Promise<string> {
  const orderId = randomUUID();
  const request = { orderId, eventId: randomUUID(), lines };
  await app.get(Transactions).run((tx) => app.get(ReservationStore).reserveAll([request], new Date(), tx));
  return orderId;
}

describe('stock over HTTP', () => {
  it('is made by the first PUT, counted by the next and told by GET', async () => {
    const ten = { sku: 'MUG-BLUE', onHand: 10, reserved: 0, available: 10 };
    expect(await put('MUG-BLUE', { onHand: 10 })).toEqual({ status: 201, body: ten });
    expect(await put('MUG-BLUE', { onHand: 10 })).toEqual({ status: 200, body: ten });
    await reserve({ sku: 'MUG-BLUE', quantity: 4 });
    expect(await get('/stock/MUG-BLUE')).toEqual({
      status: 200,
      body: { ...ten, reserved: 4, available: 6 },
    });
  });

  it('never goes below what orders hold', async () => {
    await put('HELD', { onHand: 5 });
    await reserve({ sku: 'HELD', quantity: 5 });
    expect(await put('HELD', { onHand: 4 })).toMatchObject({
      status: 409,
      body: { type: 'urn:millrace:problem:stock-below-reserved', status: 409 },
    });
    expect(await get('/stock/HELD')).toMatchObject({ body: { onHand: 5 } });
  });

  it('comes in pages that a cursor continues', async () => {
    for (const sku of ['z1', 'z2', 'z3']) await put(sku, { onHand: 1 });
    const first = await get('/stock?cursor=z&limit=2');
    expect(first.body).toMatchObject({ items: [{ sku: 'z1' }, { sku: 'z2' }], nextCursor: 'z2' });
    const { body } = await get('/stock?cursor=z2&limit=2');
    expect(body).toEqual({ items: [{ sku: 'z3', onHand: 1, reserved: 0, available: 1 }] });
  });

  it.each([
    ['a negative count', 'BAD', { onHand: -1 }, 422],
    ['a fraction', 'BAD', { onHand: 1.5 }, 422],
    ['a count as text', 'BAD', { onHand: '1' }, 422],
    ['too large a count', 'BAD', { onHand: 1_000_000_001 }, 422],
    ['an unknown field', 'BAD', { onHand: 1, reserved: 0 }, 422],
    ['no count', 'BAD', {}, 422],
    ['a list', 'BAD', [], 422],
    ['malformed JSON', 'BAD', '{"onHand":', 400],
    ['a SKU that is too long', 'B'.repeat(65), { onHand: 1 }, 422],
    ['a SKU with a NUL character', 'BAD\u0000', { onHand: 1 }, 422],
    ['a SKU with a line break', 'BAD\n', { onHand: 1 }, 422],
  ])('refuses %s and writes nothing', async (_what, sku, body, status) => {
    expect(await put(sku, body)).toMatchObject({ status, body: { status } });
    expect(await get('/stock/BAD')).toMatchObject({ status: 404 });
  });

  it.each(['/stock?limit=0', '/stock?limit=1001', '/stock?limit=x', '/stock?cursor=', '/stock?page=2'])(
    'refuses the query %s',
    async (url) => {
      expect(await get(url)).toMatchObject({
        status: 422,
        body: { type: 'urn:millrace:problem:invalid-request' },
      });
    },
  );
});

describe('reservations over HTTP', () => {
  it('tell what an order holds', async () => {
    await put('TEE-M', { onHand: 5 });
    const orderId = await reserve({ sku: 'TEE-M', quantity: 2 });
    expect(await get(`/reservations/${orderId}`)).toEqual({
      status: 200,
      body: {
        orderId,
        status: 'held',
        lines: [{ sku: 'TEE-M', quantity: 2 }],
        decidedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      },
    });
  });

  it('tell why an order holds nothing', async () => {
    const orderId = await reserve({ sku: 'NONE', quantity: 2 });
    expect(await get(`/reservations/${orderId}`)).toMatchObject({
      status: 200,
      body: {
        status: 'rejected',
        lines: [],
        reason: 'unknown-sku',
        shortages: [{ sku: 'NONE', requested: 2, available: 0 }],
      },
    });
  });

  it('are a problem document when there is none, or the id is no id', async () => {
    expect(await get(`/reservations/${randomUUID()}`)).toMatchObject({
      status: 404,
      body: { type: 'urn:millrace:problem:reservation-not-found' },
    });
    expect(await get('/reservations/42')).toMatchObject({ status: 422 });
  });
});
