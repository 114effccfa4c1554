import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InventoryService } from './inventory-service.fixture.js';

let service: InventoryService;

beforeAll(async () => {
  service = await InventoryService.start(stack.postgres);
});
afterAll(() => service.stop());

const INSTANT = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);

describe('reservations over HTTP', () => {
  it('tell what an order holds, and until when', async () => {
    await service.put('TEE-M', { onHand: 5 });
    const orderId = await service.hold(['TEE-M', 2]);
    const { status, body } = await service.get(`/reservations/${orderId}`);
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        orderId,
        status: 'held',
        lines: [{ sku: 'TEE-M', quantity: 2 }],
        decidedAt: INSTANT,
        expiresAt: INSTANT,
      },
    });
  });

  it('tell why an order holds nothing', async () => {
    const orderId = await service.hold(['NONE', 2]);
    expect(await service.get(`/reservations/${orderId}`)).toMatchObject({
      status: 200,
      body: {
        status: 'rejected',
        lines: [],
        reason: 'unknown-sku',
        shortages: [{ sku: 'NONE', requested: 2, available: 0 }],
      },
    });
  });

  it('tell why an order holds nothing any more', async () => {
    await service.put('GONE', { onHand: 5 });
    const orderId = await service.hold(['GONE', 2]);
    await service.end('cancelled', orderId);
    const { body } = await service.get(`/reservations/${orderId}`);
    expect(body).toEqual({
      orderId,
      status: 'released',
      reason: 'order-cancelled',
      lines: [{ sku: 'GONE', quantity: 2 }],
      decidedAt: INSTANT,
      changedAt: INSTANT,
    });
  });

  it('are a problem document when there is none, or the id is no id', async () => {
    expect(await service.get(`/reservations/${randomUUID()}`)).toMatchObject({
      status: 404,
      body: { type: 'urn:millrace:problem:reservation-not-found' },
    });
    expect(await service.get('/reservations/42')).toMatchObject({ status: 422 });
  });
});

describe('shipments over HTTP', () => {
  const ship = (orderId: string) => service.post('/shipments', { orderId });

  it('take a confirmed order out of the stock once, however often they are asked for', async () => {
    await service.put('SHIP', { onHand: 10 });
    const orderId = await service.hold(['SHIP', 3]);
    await service.end('confirmed', orderId);
    const answers = await Promise.all([1, 2, 3, 4].map(() => ship(orderId.toUpperCase())));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 201]);
    const again = await ship(orderId);
    expect(again).toMatchObject({
      status: 200,
      body: { orderId, lines: [{ sku: 'SHIP', quantity: 3 }], shippedAt: INSTANT },
    });
    expect(answers.map(({ body }) => body)).toEqual(answers.map(() => again.body));
    expect(await service.get('/stock/SHIP')).toMatchObject({
      body: { onHand: 7, reserved: 0, available: 7 },
    });
    expect(
      await service.rows(`SELECT on_hand_change, reserved_change FROM movement WHERE kind = 'shipped'`),
    ).toEqual([{ on_hand_change: -3, reserved_change: -3 }]);
  });

  it('are refused while an order is not confirmed, and after it was released', async () => {
    await service.put('EARLY', { onHand: 10 });
    const [held, released] = [await service.hold(['EARLY', 1]), await service.hold(['EARLY', 1])];
    await service.end('expired', released);
    for (const orderId of [held, released]) {
      expect(await ship(orderId)).toMatchObject({
        status: 409,
        body: { type: 'urn:millrace:problem:order-not-confirmed' },
      });
    }
    expect(await service.get('/stock/EARLY')).toMatchObject({ body: { onHand: 10, reserved: 1 } });
  });

  it('of units beyond those on hand wait until they have come', async () => {
    await service.put('BACK', { onHand: 1, backorderLimit: 5 });
    const orderId = await service.hold(['BACK', 3]);
    await service.end('confirmed', orderId);
    expect(await ship(orderId)).toMatchObject({
      status: 409,
      body: { type: 'urn:millrace:problem:stock-not-on-hand', errors: [{ path: '/lines/BACK' }] },
    });
    await service.post('/stock/adjustments', { sku: 'BACK', change: 2, reason: 'delivery' });
    expect(await ship(orderId)).toMatchObject({ status: 201 });
    expect(await service.get('/stock/BACK')).toMatchObject({ body: { onHand: 0, reserved: 0 } });
  });

  it.each([
    ['no id', {}, 422],
    ['an id that is none', { orderId: '42' }, 422],
    ['an unknown field', { orderId: randomUUID(), carrier: 'x' }, 422],
    ['a list', [], 422],
    ['malformed JSON', '{"orderId"', 400],
    ['an unknown order', { orderId: randomUUID() }, 404],
  ])('of %s are refused', async (_what, body, status) => {
    const answer = await service.post('/shipments', body);
    expect(answer).toMatchObject({ status, body: { status } });
    expect(answer.headers['content-type']).toBe('application/problem+json');
  });
});

describe('the description of the API', () => {
  it('lists every endpoint with what it refuses', async () => {
    const { body } = await service.get('/docs-json');
    const { paths } = body as { paths: Record<string, Record<string, { responses: object }>> };
    const described = (path: string, method: string) =>
      Object.keys(paths[path]?.[method]?.responses ?? {}).map(Number);
    expect(described('/stock/{sku}', 'put')).toEqual(expect.arrayContaining([200, 201, 400, 409, 412, 422]));
    expect(described('/stock/adjustments', 'post')).toEqual(expect.arrayContaining([200, 404, 409, 422]));
    expect(described('/shipments', 'post')).toEqual(expect.arrayContaining([200, 201, 404, 409, 422]));
    expect(described('/reservations/{orderId}', 'get')).toEqual(expect.arrayContaining([200, 404, 422]));
    expect(described('/stock', 'get')).toEqual(expect.arrayContaining([200, 422]));
  });
});
