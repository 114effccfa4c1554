import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { OrderCreated } from '@millrace/contracts';
import { contextFromTraceparent } from '@millrace/telemetry';
import { createTestDatabase, testApplication, type TestDatabase } from '@millrace/testing';
import { newOrder } from '../domain/order.js';
import { migrations } from '../migrations/index.js';
import { OrderModule } from '../order.module.js';
import { OrderStore } from '../store/order.store.js';
import { OrderIntake } from '../intake/order-intake.js';

const slot = `orders_${randomUUID().replaceAll('-', '')}`;
const line = { sku: 'MUG-BLUE', quantity: 2, unitPriceMinor: 1_490 };
const wish = { customerId: 'c-1', region: 'eu-west', currency: 'EUR', lines: [line] };

let database: TestDatabase;
let app: Awaited<ReturnType<typeof testApplication>>;

beforeAll(async () => {
  database = await createTestDatabase(stack.postgres, { schema: 'order', migrations });
  app = await testApplication('order', OrderModule, { databaseUrl: database.url, captureSlot: slot });
});

afterAll(async () => {
  await app.close();
  await database.dataSource.query(
    'SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1',
    [slot],
  );
  await database.drop();
});

afterEach(async () => {
  await database.dataSource.query('TRUNCATE orders, order_line, outbox, idempotency_key');
});

async function written(): Promise<{ orders: number; lines: number; events: number }> {
  const [counts] = await database.dataSource.query<{ orders: number; lines: number; events: number }[]>(
    `SELECT (SELECT count(*)::int FROM orders) AS orders, (SELECT count(*)::int FROM order_line) AS lines,
            (SELECT count(*)::int FROM outbox) AS events`,
  );
  return counts ?? { orders: -1, lines: -1, events: -1 };
}

const nothing = { orders: 0, lines: 0, events: 0 };

async function post(payload: unknown, type = 'application/json') {
  const answer = await app.inject({
    method: 'POST',
    url: '/orders',
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
    headers: { 'content-type': type },
  });
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: answer.json() as Record<string, unknown>,
  };
}

describe('before capture is set up', () => {
  it('an order is refused for now and nothing is written', async () => {
    const answer = await post(wish);
    expect(answer).toMatchObject({ status: 503, body: { type: 'urn:millrace:problem:capture-not-ready' } });
    expect(answer.headers['retry-after']).toBe('1');
    expect(await written()).toEqual(nothing);
    const ready = await app.inject({ method: 'GET', url: '/health/ready' });
    expect(ready.statusCode).toBe(503);
    expect(ready.json()).toMatchObject({ checks: { database: { ok: true }, capture: { ok: false } } });
  });
});

describe('once capture is set up', () => {
  beforeAll(async () => {
    await database.dataSource.query(
      `CREATE PUBLICATION millrace_outbox FOR TABLE outbox
         WITH (publish = 'insert', publish_via_partition_root = true)`,
    );
    await database.dataSource.query(`SELECT pg_create_logical_replication_slot($1, 'pgoutput')`, [slot]);
  });

  it('the service is ready, also without its consumer', async () => {
    const ready = await app.inject({ method: 'GET', url: '/health/ready' });
    expect(ready.json()).toMatchObject({
      status: 'ready',
      checks: { capture: { ok: true }, consumer: { ok: false, decides: false } },
    });
  });

  it('an order is answered with what was committed', async () => {
    const { status, headers, body } = await post({ ...wish, lines: [line, { ...line, quantity: 1 }] });
    expect(status).toBe(201);
    expect(headers['location']).toBe(`/orders/${String(body['id'])}`);
    expect(body).toMatchObject({
      status: 'pending',
      customerId: 'c-1',
      region: 'eu-west',
      currency: 'EUR',
      totalMinor: 4_470,
      lines: [{ sku: 'MUG-BLUE', quantity: 3, unitPriceMinor: 1_490 }],
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    const read = await app.inject({ method: 'GET', url: `/orders/${String(body['id'])}` });
    expect(read.statusCode).toBe(200);
    expect(read.json()).toEqual(body);
  });

  it('an order, its lines and its event are one transaction', async () => {
    const { body } = await post({ ...wish, customer: { email: 'ada@example.com' } });
    const rows = await database.dataSource.query<Record<string, unknown>[]>(
      `SELECT o.xmin = l.xmin AND o.xmin = e.xmin AS together, e.id AS event, e.aggregate_id, e.topic, e.source,
              e.causation_id, e.payload, e.traceparent
         FROM orders o JOIN order_line l ON l.order_id = o.id JOIN outbox e ON e.aggregate_id = o.id::text`,
    );
    expect(rows).toEqual([
      {
        together: true,
        event: body['eventId'],
        aggregate_id: body['id'],
        topic: 'order.created',
        source: '/millrace/order',
        causation_id: body['eventId'],
        payload: expect.stringContaining('"customer":{"email":"ada@example.com"}'),
        traceparent: expect.stringContaining(`-${String(body['traceId'])}-`),
      },
    ]);
  });

  it('orders placed together each keep their own trace', async () => {
    const traces = ['a', 'b', 'c'].map((digit) => digit.repeat(32));
    const placements = await app.get(OrderIntake).placeAll(
      traces.map((trace, index) => ({
        order: newOrder(
          {
            ...wish,
            customerId: `c-${index}`,
            lines: Array.from({ length: index + 1 }, (_, n) => ({ ...line, sku: `S-${n}` })),
          },
          { id: randomUUID(), placedAt: new Date() },
        ),
        context: contextFromTraceparent(`00-${trace}-00000000000000a1-01`),
      })),
    );
    const placed = placements.flatMap((one) => ('order' in one ? [one.order] : []));
    expect(await written()).toEqual({ orders: 3, lines: 6, events: 3 });
    expect(placed.map(({ traceId }) => traceId)).toEqual(traces);
    expect(new Set(placed.map(({ eventId }) => eventId)).size).toBe(3);
    for (const { id, lines } of placed) {
      const read = await app.get(OrderStore).find(id);
      expect(read?.lines).toEqual(lines);
    }
  });

  it('an error after the event was inserted leaves nothing of the order', async () => {
    const store = app.get(OrderStore);
    const insertAll = store.insertAll.bind(store);
    store.insertAll = (orders, tx) => {
      insertAll(orders, tx);
      // Only an event that is there makes this fail as it does.
      tx.write(`SELECT 1 / (1 - count(*)) FROM outbox`);
    };
    try {
      expect(await post(wish)).toMatchObject({
        status: 500,
        body: { type: 'urn:millrace:problem:internal' },
      });
    } finally {
      store.insertAll = insertAll;
    }
    expect(await written()).toEqual(nothing);
  });

  it('an order that nobody placed is not found', async () => {
    const read = await app.inject({ method: 'GET', url: '/orders/01993f6e-8f2b-7c11-9a54-3d2f0c9a7b10' });
    expect(read.statusCode).toBe(404);
    expect(read.json()).toMatchObject({ type: 'urn:millrace:problem:order-not-found' });
  });

  it.each([
    ['malformed JSON', '{"customerId":', 400],
    ['an unknown field', { ...wish, coupon: 'X' }, 422],
    ['an unknown field in a line', { ...wish, lines: [{ ...line, colour: 'blue' }] }, 422],
    ['an unknown field of the customer', { ...wish, customer: { phone: '1' } }, 422],
    ['a total from outside', { ...wish, totalMinor: 1 }, 422],
    ['no lines', { ...wish, lines: [] }, 422],
    ['a missing currency', { customerId: 'c', region: 'eu', lines: [line] }, 422],
    ['a negative quantity', { ...wish, lines: [{ ...line, quantity: -1 }] }, 422],
    ['no quantity at all', { ...wish, lines: [{ ...line, quantity: 0 }] }, 422],
    ['a fractional quantity', { ...wish, lines: [{ ...line, quantity: 1.5 }] }, 422],
    ['a quantity above 10,000', { ...wish, lines: [{ ...line, quantity: 10_001 }] }, 422],
    ['a quantity in text', { ...wish, lines: [{ ...line, quantity: '1' }] }, 422],
    ['a negative price', { ...wish, lines: [{ ...line, unitPriceMinor: -1 }] }, 422],
    ['a price above 2^53', { ...wish, lines: [{ ...line, unitPriceMinor: 2 ** 53 }] }, 422],
    ['a total above 2^53', { ...wish, lines: [{ ...line, quantity: 2, unitPriceMinor: 2 ** 53 - 1 }] }, 422],
    ['one SKU at two prices', { ...wish, lines: [line, { ...line, unitPriceMinor: 1 }] }, 422],
    [
      '101 lines',
      { ...wish, lines: Array.from({ length: 101 }, (_, n) => ({ ...line, sku: `S${n}` })) },
      422,
    ],
    ['10,000 lines', { ...wish, lines: Array.from({ length: 10_000 }, () => ({ s: 1 })) }, 422],
    ['10,000 whole lines', { ...wish, lines: Array.from({ length: 10_000 }, () => line) }, 413],
    ['an oversized body', { ...wish, customerId: 'x'.repeat(300_000) }, 413],
    ['an unknown currency', { ...wish, currency: 'XYZ' }, 422],
    ['a currency in lower case', { ...wish, currency: 'eur' }, 422],
    ['a region with a slash', { ...wish, region: 'eu/west' }, 422],
    ['a region that is too long', { ...wish, region: 'e'.repeat(17) }, 422],
    ['a SKU that is too long', { ...wish, lines: [{ ...line, sku: 'S'.repeat(65) }] }, 422],
    ['a NUL character', { ...wish, customerId: 'a\u0000b' }, 422],
    ['a NUL character in a name', { ...wish, customer: { name: 'a\u0000b' } }, 422],
    ['a lone surrogate', { ...wish, customerId: '\ud83d' }, 422],
    ['a body that is no object', [wish], 422],
    ['nothing', 'null', 422],
  ])('%s is refused with a problem and nothing is written', async (_what, payload, status) => {
    const answer = await post(payload);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ status, type: expect.stringMatching(/^urn:millrace:problem:/) });
    expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|\.ts:|\.js:|SELECT|INSERT/);
    expect(await written()).toEqual(nothing);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/cloudevents+json'])(
    'a body of type %s is refused and nothing is written',
    async (type) => {
      const answer = await post(wish, type);
      expect(answer).toMatchObject({
        status: 415,
        body: { type: 'urn:millrace:problem:unsupported-media-type' },
      });
      expect(await written()).toEqual(nothing);
    },
  );

  it('takes every example that the contract of the event allows', async () => {
    for (const {
      orderId: _id,
      totalMinor: _total,
      placedAt: _at,
      batchId: _batch,
      ...example
    } of OrderCreated.examples) {
      expect((await post(example)).status).toBe(201);
    }
    expect((await written()).orders).toBe(OrderCreated.examples.length);
  });
});
