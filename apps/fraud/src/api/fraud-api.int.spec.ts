import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventContext } from '@millrace/messaging';
import { Transactions } from '@millrace/persistence';
import { createTestDatabase, testApplication, type TestDatabase } from '@millrace/testing';
import { order, type Order } from '../fraud-bench.fixture.js';
import { FraudConsumer } from '../fraud.consumer.js';
import { FraudModule } from '../fraud.module.js';
import { migrations } from '../migrations/index.js';
import { Rulesets } from '../rulesets/rulesets.js';

let database: TestDatabase;
let app: Awaited<ReturnType<typeof testApplication>>;

beforeAll(async () => {
  database = await createTestDatabase(stack.postgres, { schema: 'fraud', migrations });
  process.env['FRAUD_KEY_SECRET'] = 'the secret of these tests';
  app = await testApplication('fraud', FraudModule, { databaseUrl: database.url });
});

afterAll(async () => {
  await app.close();
  await database.drop();
  delete process.env['FRAUD_KEY_SECRET'];
});

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown> & { items?: Record<string, unknown>[]; nextCursor?: string };
}

async function call(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  url: string,
  payload?: object,
): Promise<Answer> {
  const { statusCode, body } = await app.inject({ method, url, ...(payload && { payload }) });
  return { status: statusCode, body: JSON.parse(body) as Answer['body'] };
}

async function assessed(...events: readonly Order[]): Promise<void> {
  await app
    .get(Transactions)
    .run((tx) => app.get(FraudConsumer).assess({ events }, new EventContext(tx, 'fraud')));
}

const word = { reviewer: 'mara', reason: 'known customer' };
const doubtful = () => order(`c-${randomUUID()}`, { totalMinor: 100_000 });

describe('assessments over HTTP', () => {
  it('tell the outcome and everything that explains it, and no customer', async () => {
    const dear = doubtful();
    await assessed(dear);
    const { status, body } = await call('GET', `/assessments/${dear.data.orderId}`);
    expect(status).toBe(200);
    expect(body).toEqual({
      orderId: dear.data.orderId,
      outcome: 'review',
      score: 300,
      hits: [{ rule: 'amount.high', because: 'fired', score: 300, atLeast: 'approve' }],
      inputs: {
        currency: 'EUR',
        totalMinor: 100_000,
        placedAt: dear.data.placedAt,
        activity: { 'customer.1h': { orders: 1, sumMinor: '100000' } },
        lists: [],
      },
      thresholds: {
        bands: { review: 300, decline: 700 },
        rules: { 'amount.high': { from: 100_000, below: 1_000_000 } },
      },
      rulesetHash: app.get(Rulesets).live.hash,
      traceId: dear.traceId,
      decidedAt: expect.any(String),
    });
  });

  it('name a rule set that can be read by its hash', async () => {
    const { body } = await call('GET', '/rulesets');
    const { hash } = app.get(Rulesets).live;
    expect(body).toEqual({ live: { hash, name: 'default' }, shadows: [] });
    expect(await call('GET', `/rulesets/${hash}`)).toMatchObject({
      status: 200,
      body: { hash, spec: { bands: { review: 300, decline: 700 } } },
    });
  });
});

describe('reviews over HTTP', () => {
  it('are listed oldest first, in pages', async () => {
    const orders = [doubtful(), doubtful(), doubtful()];
    for (const one of orders) await assessed(one);
    const ids: unknown[] = [];
    for (let cursor = ''; ;) {
      const { body } = await call('GET', `/reviews?limit=2${cursor}`);
      ids.push(...(body.items ?? []).map(({ orderId }) => orderId));
      if (body.nextCursor === undefined) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(ids.slice(-3)).toEqual(orders.map(({ data }) => data.orderId));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('are decided once: of two at once one gets 200, the other 409 and who it was', async () => {
    const asked = doubtful();
    await assessed(asked);
    const answers = await Promise.all([
      call('POST', `/reviews/${asked.data.orderId.toUpperCase()}/approve`, { ...word, reviewer: 'ada' }),
      call('POST', `/reviews/${asked.data.orderId}/approve`, { ...word, reviewer: 'bob' }),
    ]);
    const [won, lost] = answers.toSorted((a, b) => a.status - b.status);
    expect(won).toMatchObject({ status: 200, body: { state: 'approved', reason: word.reason } });
    const winner = String(won?.body['reviewer']);
    expect(lost).toMatchObject({
      status: 409,
      body: {
        type: 'urn:millrace:problem:review-decided',
        detail: expect.stringContaining(`approved by ${winner}`),
      },
    });
    expect(await call('GET', `/reviews/${asked.data.orderId}`)).toMatchObject({ body: { reviewer: winner } });
  });

  it('can be declined', async () => {
    const asked = doubtful();
    await assessed(asked);
    expect(await call('POST', `/reviews/${asked.data.orderId}/decline`, word)).toMatchObject({
      status: 200,
      body: { state: 'declined' },
    });
    const { body } = await call('GET', '/reviews?state=declined');
    expect(body.items?.map(({ orderId }) => orderId)).toContain(asked.data.orderId);
  });

  it('of an order that has ended say so', async () => {
    const asked = doubtful();
    await assessed(asked);
    await app
      .get(Transactions)
      .run((tx) => app.get(FraudConsumer).expired({ events: [asked] }, new EventContext(tx, 'fraud')));
    expect(await call('POST', `/reviews/${asked.data.orderId}/approve`, word)).toMatchObject({
      status: 409,
      body: {
        type: 'urn:millrace:problem:review-closed',
        detail: expect.stringContaining('expired'),
      },
    });
  });
});

describe('lists over HTTP', () => {
  it('take keys, tell them in pages and give them back with who removed them', async () => {
    const change = { by: 'mara', reason: 'chargeback' };
    const strange = encodeURIComponent('card/ä ?');
    expect(await call('PUT', `/lists/deny/card/${strange}`, change)).toMatchObject({
      status: 201,
      body: { list: 'deny', kind: 'card', value: 'card/ä ?', reason: 'chargeback', addedBy: 'mara' },
    });
    expect(await call('PUT', `/lists/deny/card/${strange}`, change)).toMatchObject({ status: 200 });
    for (const ip of ['10.0.0.1', '10.0.0.2', '2001:db8::1'])
      await call('PUT', `/lists/deny/ip/${ip}`, change);

    const first = await call('GET', '/lists/deny?limit=3');
    const second = await call('GET', `/lists/deny?limit=3&cursor=${first.body.nextCursor}`);
    const values = [first, second].flatMap(({ body }) => (body.items ?? []).map(({ value }) => value));
    expect(values).toEqual(['card/ä ?', '10.0.0.1', '10.0.0.2', '2001:db8::1']);
    expect((await call('GET', '/lists/deny?kind=card')).body.items).toHaveLength(1);
    expect((await call('GET', '/lists/allow')).body.items).toEqual([]);

    expect(await call('DELETE', `/lists/deny/card/${strange}?by=ada&reason=mistaken`)).toMatchObject({
      status: 200,
      body: { removedBy: 'ada', removedReason: 'mistaken' },
    });
    expect((await call('GET', '/lists/deny?kind=card')).body.items).toEqual([]);
    expect((await call('GET', '/lists/deny?state=removed')).body.items).toHaveLength(1);
  });
});

describe('bad input', () => {
  const id = randomUUID();
  const change = { by: 'mara', reason: 'x' };

  it.each<
    [
      method: 'GET' | 'POST' | 'PUT' | 'DELETE',
      url: string,
      body: object | undefined,
      status: number,
      code: string,
    ]
  >([
    ['GET', `/assessments/${id}`, undefined, 404, 'assessment-not-found'],
    ['GET', '/assessments/42', undefined, 422, 'invalid-request'],
    ['GET', '/reviews?state=odd', undefined, 422, 'invalid-request'],
    ['GET', '/reviews?limit=0', undefined, 422, 'invalid-request'],
    ['GET', '/reviews?cursor=nonsense', undefined, 422, 'invalid-request'],
    ['GET', '/reviews?colour=red', undefined, 422, 'invalid-request'],
    ['GET', `/reviews/${id}`, undefined, 404, 'review-not-found'],
    ['GET', '/reviews/42', undefined, 422, 'invalid-request'],
    ['POST', `/reviews/${id}/approve`, word, 404, 'review-not-found'],
    ['POST', `/reviews/${id}/decline`, word, 404, 'review-not-found'],
    ['POST', '/reviews/42/approve', word, 422, 'invalid-request'],
    ['POST', `/reviews/${id}/approve`, { reviewer: 'mara' }, 422, 'invalid-request'],
    ['POST', `/reviews/${id}/approve`, { ...word, reason: '' }, 422, 'invalid-request'],
    ['POST', `/reviews/${id}/decline`, { ...word, more: 1 }, 422, 'invalid-request'],
    ['POST', `/reviews/${id}/decline`, { ...word, reason: 'a\u0000b' }, 422, 'invalid-request'],
    ['POST', `/reviews/${id}/decline`, [], 422, 'invalid-request'],
    ['GET', '/lists/grey', undefined, 422, 'invalid-request'],
    ['GET', '/lists/deny?kind=shoe', undefined, 422, 'invalid-request'],
    ['GET', '/lists/deny?cursor=e30', undefined, 422, 'invalid-request'],
    ['PUT', '/lists/grey/ip/10.0.0.1', change, 422, 'invalid-request'],
    ['PUT', '/lists/deny/shoe/x', change, 422, 'invalid-request'],
    ['PUT', '/lists/deny/ip/10.0.0.256', change, 422, 'invalid-request'],
    ['PUT', '/lists/deny/customer/c-1', { by: 'mara' }, 422, 'invalid-request'],
    ['PUT', '/lists/deny/customer/c%00', change, 422, 'invalid-request'],
    ['DELETE', '/lists/deny/customer/c-unknown?by=a&reason=b', undefined, 404, 'list-entry-not-found'],
    ['DELETE', '/lists/deny/customer/c-unknown?by=a', undefined, 422, 'invalid-request'],
    ['GET', '/rulesets/42', undefined, 422, 'invalid-request'],
    ['GET', `/rulesets/${'0'.repeat(64)}`, undefined, 404, 'ruleset-not-found'],
    ['GET', '/shadow/differences', undefined, 404, 'no-shadow-ruleset'],
    ['GET', '/shadow/differences?ruleset=42', undefined, 422, 'invalid-request'],
    ['GET', `/shadow/differences?ruleset=${'0'.repeat(64)}&cursor=zz`, undefined, 422, 'invalid-request'],
  ])('%s %s %j is a problem: %i %s', async (method, url, body, status, code) => {
    expect(await call(method, url, body)).toMatchObject({
      status,
      body: { type: `urn:millrace:problem:${code}`, status, title: expect.any(String) },
    });
  });

  it('that is no JSON is a problem', async () => {
    const { statusCode, body } = await app.inject({
      method: 'POST',
      url: `/reviews/${id}/approve`,
      headers: { 'content-type': 'application/json' },
      payload: '{oops',
    });
    expect([statusCode, JSON.parse(body)]).toMatchObject([400, { status: 400 }]);
  });

  it('leaves nothing of it behind', async () => {
    expect((await call('GET', '/lists/deny?kind=customer')).body.items).toEqual([]);
  });
});

describe('differences over HTTP', () => {
  it('are empty for a rule set that never ran', async () => {
    expect(await call('GET', `/shadow/differences?ruleset=${'0'.repeat(64)}`)).toEqual({
      status: 200,
      body: { ruleset: '0'.repeat(64), confusion: [], items: [] },
    });
  });
});
