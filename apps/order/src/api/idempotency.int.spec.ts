import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { IdempotencyKeeper } from '../intake/idempotency-keeper.js';
import { OrderService } from './order-service.fixture.js';

const wish = {
  customerId: 'c-1',
  region: 'eu-west',
  currency: 'EUR',
  lines: [
    { sku: 'TEE-M', quantity: 1, unitPriceMinor: 2_990 },
    { sku: 'MUG-BLUE', quantity: 2, unitPriceMinor: 1_490 },
  ],
};
const other = { ...wish, customerId: 'c-2' };
const HELD = `pg_advisory_lock(hashtextextended('k-1', 5))`;

let service: OrderService;

beforeAll(async () => {
  service = await OrderService.start(stack.postgres);
});
afterAll(() => service.stop());
afterEach(() => service.rows('TRUNCATE orders, order_line, outbox, idempotency_key'));

const post = (body: unknown, key = 'k-1') => service.post(body, { 'idempotency-key': key });

async function counts(): Promise<unknown> {
  const [row] = await service.rows(
    `SELECT (SELECT count(*)::int FROM orders) AS orders, (SELECT count(*)::int FROM outbox) AS events,
            (SELECT count(*)::int FROM idempotency_key) AS keys`,
  );
  return row;
}

describe('a request with an Idempotency-Key', () => {
  it('that is repeated places one order and is answered as the first time, whatever became of the order', async () => {
    const first = await post(wish);
    await service.rows(`UPDATE orders SET status = 'confirmed', settled_at = now(), settled_by = event_id`);
    const second = await post({ ...wish });
    expect(first.status).toBe(201);
    expect(second).toMatchObject({ status: 201, body: first.body });
    expect(second.headers['location']).toBe(first.headers['location']);
    expect(await counts()).toEqual({ orders: 1, events: 1, keys: 1 });
  });

  it('may name its fields in another order', async () => {
    const first = await post(wish);
    const turned = Object.fromEntries(Object.entries(wish).toReversed());
    expect((await post(turned)).body).toEqual(first.body);
  });

  it('keeps its key in the transaction of the order', async () => {
    await post(wish);
    const rows = await service.rows(
      `SELECT o.xmin = k.xmin AS together FROM orders o JOIN idempotency_key k ON k.order_id = o.id`,
    );
    expect(rows).toEqual([{ together: true }]);
  });

  it('is refused when its key stands for another order', async () => {
    await post(wish);
    expect(await post(other)).toMatchObject({
      status: 422,
      body: { type: 'urn:millrace:problem:idempotency-key-reused' },
    });
    expect(await counts()).toEqual({ orders: 1, events: 1, keys: 1 });
  });

  it('waits for the first one of this process, which may be repeated afterwards', async () => {
    const answers = await Promise.all([post(wish), post(wish), post(wish)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409]);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused?.headers['retry-after']).toBe('1');
    expect(refused?.body['type']).toBe('urn:millrace:problem:idempotency-key-in-flight');
    expect((await post(wish)).status).toBe(201);
    expect(await counts()).toEqual({ orders: 1, events: 1, keys: 1 });
  });

  it('waits for the first one of another process, while its neighbours are placed', async () => {
    const runner = service.database.dataSource.createQueryRunner();
    try {
      await runner.query(`SELECT ${HELD}`);
      const answers = await Promise.all([post(wish), post(other, 'k-2'), service.post(other)]);
      expect(answers.map(({ status }) => status)).toEqual([409, 201, 201]);
    } finally {
      await runner.query('SELECT pg_advisory_unlock_all()');
      await runner.release();
    }
    expect((await post(wish)).status).toBe(201);
    expect(await counts()).toEqual({ orders: 3, events: 3, keys: 2 });
  });

  it('of two processes at once places one order', async () => {
    const second = await service.another();
    try {
      const keys = Array.from({ length: 40 }, (_, index) => `both-${index}`);
      const answers = await Promise.all(
        keys.flatMap((key) =>
          [service.app, second].map((app) => service.post(wish, { 'idempotency-key': key }, app)),
        ),
      );
      expect(answers.filter(({ status }) => status !== 201 && status !== 409)).toEqual([]);
      expect(await counts()).toEqual({ orders: 40, events: 40, keys: 40 });
    } finally {
      await second.close();
    }
  });

  it('that was refused for its order leaves the key free', async () => {
    expect((await post({ ...wish, currency: 'XXX' })).status).toBe(422);
    expect((await post(wish)).status).toBe(201);
  });

  it('is forgotten after a day: its key stands for a new order then', async () => {
    const first = await post(wish);
    await service.rows(`UPDATE idempotency_key SET created_at = now() - interval '24 hours'`);
    const second = await post(other);
    expect(second.status).toBe(201);
    expect(second.body['id']).not.toBe(first.body['id']);
    expect((await post(other)).body).toEqual(second.body);
    expect(await counts()).toEqual({ orders: 2, events: 2, keys: 1 });
  });

  it('is swept once it is forgotten, and not before', async () => {
    await post(wish);
    await post(other, 'k-2');
    await service.rows(
      `UPDATE idempotency_key SET created_at = now() - interval '25 hours' WHERE key = 'k-2'`,
    );
    await service.app.get(IdempotencyKeeper).forget(Date.now());
    expect(await service.rows('SELECT key FROM idempotency_key')).toEqual([{ key: 'k-1' }]);
  });

  it('is refused when the key is malformed, and nothing is written', async () => {
    expect(await post(wish, 'a b')).toMatchObject({
      status: 400,
      body: { type: 'urn:millrace:problem:idempotency-key-invalid' },
    });
    expect(await counts()).toEqual({ orders: 0, events: 0, keys: 0 });
  });
});
