import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { CaptureGate } from '@millrace/outbox';
import { eventually } from '@millrace/testing/runtime';
import { OrderService } from '../api/order-service.fixture.js';
import { OrderStore } from '../store/order.store.js';

const wish = {
  customerId: 'c-1',
  region: 'eu-west',
  currency: 'EUR',
  lines: [{ sku: 'MUG-BLUE', quantity: 2, unitPriceMinor: 1_490 }],
};

let service: OrderService;

beforeAll(async () => {
  service = await OrderService.start(stack.postgres);
});
afterAll(() => service.stop());
afterEach(() => service.rows('TRUNCATE orders, order_line, outbox, idempotency_key'));

/** Posts that many orders at once, each of a customer of its own. */
function postAll(count: number, app = service.app) {
  return Promise.all(
    Array.from({ length: count }, (_, index) => service.post({ ...wish, customerId: `c-${index}` }, {}, app)),
  );
}

/** Customers whose order, lines and event were written. */
async function written(): Promise<string[]> {
  const rows = await service.rows<{ customer: string }>(
    `SELECT customer_id AS customer FROM orders o JOIN order_line l ON l.order_id = o.id
       JOIN outbox e ON e.aggregate_id = o.id::text ORDER BY 1`,
  );
  return rows.map(({ customer }) => customer);
}

/** Lets orders pass the gate without a question to the database, whose answers would come in different turns. */
async function inOneTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  const gate = service.app.get(CaptureGate);
  const open = gate.open;
  gate.open = async () => true;
  try {
    return await work();
  } finally {
    gate.open = open;
  }
}

/** Lets the store fail for orders of that customer. */
async function failing<Result>(customer: string, error: Error, work: () => Promise<Result>): Promise<Result> {
  const store = service.app.get(OrderStore);
  const insertAll = store.insertAll.bind(store);
  store.insertAll = (orders, tx) => {
    insertAll(orders, tx);
    if (orders.some(({ customerId }) => customerId === customer)) throw error;
  };
  try {
    return await work();
  } finally {
    store.insertAll = insertAll;
  }
}

describe('orders that arrive together', () => {
  it('share transactions of at most 64, and each is answered with what was committed', async () => {
    const answers = await postAll(150);
    expect(answers.filter(({ status }) => status !== 201)).toEqual([]);
    const ids = answers.map(({ body }) => String(body['id']));
    const groups = await service.rows<{ orders: number }>(
      'SELECT count(*)::int AS orders FROM orders WHERE id = ANY ($1::uuid[]) GROUP BY xmin ORDER BY 1',
      [ids],
    );
    expect(groups.reduce((sum, { orders }) => sum + orders, 0)).toBe(150);
    expect(groups.length).toBeLessThan(75);
    expect(groups.at(-1)?.orders).toBeLessThanOrEqual(64);
  });

  it('do not fail with the one among them that cannot be written', async () => {
    const answers = await failing('c-17', new Error('forced'), () => postAll(40));
    const failed = answers.flatMap(({ status }, index) => (status === 201 ? [] : [{ index, status }]));
    expect(failed).toEqual([{ index: 17, status: 500 }]);
    const others = Array.from({ length: 40 }, (_, index) => `c-${index}`).filter((name) => name !== 'c-17');
    expect(await written()).toEqual(others.toSorted());
  });

  it('are all answered 503 when the database breaks off, and none of them is written', async () => {
    const broken = Object.assign(new Error('away'), { code: 'ECONNRESET' });
    const answers = await inOneTurn(() => failing('c-3', broken, () => postAll(8)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(503));
    expect(answers[0]?.headers['retry-after']).toBe('1');
    expect(await written()).toEqual([]);
  });

  it('are answered also when the service is told to stop meanwhile', async () => {
    const second = await service.another();
    await second.listen(0, '127.0.0.1');
    const url = `${await second.getUrl()}/orders`;
    const blocker = service.database.dataSource.createQueryRunner();
    await blocker.startTransaction();
    await blocker.query('LOCK TABLE orders IN SHARE MODE');
    const answers = Promise.all(Array.from({ length: 60 }, () => post(url)));
    const open = promisify(second.getHttpServer().getConnections.bind(second.getHttpServer()));
    await eventually(async () => expect(await open()).toBe(60));
    const closed = second.close();
    await blocker.rollbackTransaction();
    await blocker.release();
    expect(await answers).toEqual(Array(60).fill(201));
    expect(await written()).toHaveLength(60);
    await closed;
  });
});

/** Posts one order over a connection of its own; the status of its answer. */
async function post(url: string): Promise<number | undefined> {
  const headers = { 'content-type': 'application/json' };
  const sent = request(url, { method: 'POST', agent: false, headers });
  sent.end(JSON.stringify(wish));
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  answer.resume();
  await once(answer, 'end');
  return answer.statusCode;
}
