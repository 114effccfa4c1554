import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InventoryService } from './inventory-service.fixture.js';

let service: InventoryService;

beforeAll(async () => {
  service = await InventoryService.start(stack.postgres);
});
afterAll(() => service.stop());

const PROBLEM = 'application/problem+json';
const ten = {
  sku: 'MUG-BLUE',
  onHand: 10,
  reserved: 0,
  available: 10,
  backorderLimit: 0,
  lowThreshold: null,
};

describe('stock over HTTP', () => {
  it('is made by the first PUT, counted by the next and told by GET', async () => {
    expect(await service.put('MUG-BLUE', { onHand: 10 })).toMatchObject({ status: 201, body: ten });
    expect(await service.put('MUG-BLUE', { onHand: 10 })).toMatchObject({ status: 200, body: ten });
    await service.hold(['MUG-BLUE', 4]);
    const { status, body } = await service.get('/stock/MUG-BLUE');
    expect({ status, body }).toEqual({ status: 200, body: { ...ten, reserved: 4, available: 6 } });
  });

  it('keeps limit and threshold that a PUT leaves out, and forgets a threshold that is null', async () => {
    await service.put('KEPT', { onHand: 1, backorderLimit: 5, lowThreshold: 2 });
    const counted = await service.put('KEPT', { onHand: 3 });
    expect(counted.body).toMatchObject({ onHand: 3, available: 8, backorderLimit: 5, lowThreshold: 2 });
    const forgotten = await service.put('KEPT', { onHand: 3, lowThreshold: null });
    expect(forgotten.body).toMatchObject({ backorderLimit: 5, lowThreshold: null });
  });

  it('never goes below what orders hold, by count or by limit', async () => {
    await service.put('HELD', { onHand: 5, backorderLimit: 2 });
    await service.hold(['HELD', 6]);
    for (const body of [{ onHand: 3 }, { onHand: 5, backorderLimit: 0 }]) {
      expect(await service.put('HELD', body)).toMatchObject({
        status: 409,
        body: { type: 'urn:millrace:problem:stock-out-of-bounds', status: 409 },
      });
    }
    expect(await service.get('/stock/HELD')).toMatchObject({ body: { onHand: 5, backorderLimit: 2 } });
  });

  it('comes in pages that a cursor continues', async () => {
    for (const sku of ['z1', 'z2', 'z3']) await service.put(sku, { onHand: 1 });
    const first = await service.get('/stock?cursor=z&limit=2');
    expect(first.body).toMatchObject({ items: [{ sku: 'z1' }, { sku: 'z2' }], nextCursor: 'z2' });
    const { body } = await service.get('/stock?cursor=z2&limit=2');
    expect(body).toEqual({ items: [{ ...ten, sku: 'z3', onHand: 1, available: 1 }] });
  });

  it.each([
    ['a negative count', 'BAD', { onHand: -1 }, 422],
    ['a fraction', 'BAD', { onHand: 1.5 }, 422],
    ['a count as text', 'BAD', { onHand: '1' }, 422],
    ['too large a count', 'BAD', { onHand: 1_000_000_001 }, 422],
    ['a negative limit', 'BAD', { onHand: 1, backorderLimit: -1 }, 422],
    ['a threshold as text', 'BAD', { onHand: 1, lowThreshold: '1' }, 422],
    ['an unknown field', 'BAD', { onHand: 1, reserved: 0 }, 422],
    ['no count', 'BAD', { backorderLimit: 1 }, 422],
    ['a list', 'BAD', [], 422],
    ['malformed JSON', 'BAD', '{"onHand":', 400],
    ['a SKU that is too long', 'B'.repeat(65), { onHand: 1 }, 422],
    ['a SKU with a NUL character', 'BAD\u0000', { onHand: 1 }, 422],
    ['a SKU with a line break', 'BAD\n', { onHand: 1 }, 422],
  ])('refuses %s and writes nothing', async (_what, sku, body, status) => {
    const answer = await service.put(sku, body);
    expect(answer).toMatchObject({ status, body: { status } });
    expect(answer.headers['content-type']).toBe(PROBLEM);
    expect(await service.get('/stock/BAD')).toMatchObject({ status: 404 });
  });

  it.each(['/stock?limit=0', '/stock?limit=1001', '/stock?limit=x', '/stock?cursor=', '/stock?page=2'])(
    'refuses the query %s',
    async (url) => {
      expect(await service.get(url)).toMatchObject({
        status: 422,
        body: { type: 'urn:millrace:problem:invalid-request' },
      });
    },
  );
});

describe('If-Match', () => {
  it('lets a count through that saw the latest stock, and no other', async () => {
    const { headers } = await service.put('CAS', { onHand: 10 });
    const seen = { 'if-match': String(headers['etag']) };
    expect((await service.get('/stock/CAS')).headers['etag']).toBe(headers['etag']);
    const answers = await Promise.all([11, 12, 13, 14].map((onHand) => service.put('CAS', { onHand }, seen)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412, 412, 412]);
    const won = answers.find(({ status }) => status === 200);
    expect(await service.get('/stock/CAS')).toMatchObject({
      headers: { etag: won?.headers['etag'] },
      body: won?.body ?? {},
    });
  });

  it('is stale once an order has taken of the stock', async () => {
    const { headers } = await service.put('SOLD', { onHand: 10 });
    await service.hold(['SOLD', 1]);
    const answer = await service.put('SOLD', { onHand: 5 }, { 'if-match': String(headers['etag']) });
    expect(answer).toMatchObject({ status: 412, body: { type: 'urn:millrace:problem:stock-changed' } });
    expect(await service.get('/stock/SOLD')).toMatchObject({ body: { onHand: 10, reserved: 1 } });
  });

  it('makes no SKU: neither a star nor a tag fits one that is unknown', async () => {
    for (const tag of ['*', '"1"']) {
      expect(await service.put('NONE', { onHand: 1 }, { 'if-match': tag })).toMatchObject({ status: 412 });
    }
    expect(await service.get('/stock/NONE')).toMatchObject({ status: 404 });
    await service.put('SOME', { onHand: 1 });
    expect(await service.put('SOME', { onHand: 2 }, { 'if-match': '*' })).toMatchObject({ status: 200 });
  });

  it('compares strongly, and with each tag of a list', async () => {
    const { headers } = await service.put('LIST', { onHand: 1 });
    const tag = String(headers['etag']);
    expect(await service.put('LIST', { onHand: 2 }, { 'if-match': `W/${tag}` })).toMatchObject({
      status: 412,
    });
    const list = { 'if-match': `"0", ${tag}` };
    expect(await service.put('LIST', { onHand: 2 }, list)).toMatchObject({ status: 200 });
  });

  it.each(['1', '"1', '"1" "2"', ','])('that reads %s is refused', async (tag) => {
    expect(await service.put('TAG', { onHand: 1 }, { 'if-match': tag })).toMatchObject({
      status: 400,
      body: { type: 'urn:millrace:problem:if-match-invalid' },
    });
  });
});

describe('adjustments over HTTP', () => {
  const adjust = (body: unknown) => service.post('/stock/adjustments', body);

  it('add and take units, each with its reason in the ledger', async () => {
    await service.put('ADJ', { onHand: 10 });
    expect(await adjust({ sku: 'ADJ', change: 5, reason: 'delivery 17' })).toMatchObject({
      status: 200,
      body: { sku: 'ADJ', onHand: 15 },
    });
    expect(await adjust({ sku: 'ADJ', change: -3, reason: 'broken' })).toMatchObject({
      body: { onHand: 12, available: 12 },
    });
    const rows = await service.rows(
      `SELECT kind, on_hand_change AS change, reason FROM movement WHERE sku = 'ADJ' ORDER BY id`,
    );
    expect(rows).toEqual([
      { kind: 'counted', change: 10, reason: null },
      { kind: 'adjusted', change: 5, reason: 'delivery 17' },
      { kind: 'adjusted', change: -3, reason: 'broken' },
    ]);
  });

  it.each([
    ['below zero', -11],
    ['below what orders hold', -7],
    ['beyond what a SKU may have', 999_999_999],
  ])('%s are refused and change nothing', async (_what, change) => {
    await service.put('FEW', { onHand: 10 });
    const held = await service.hold(['FEW', 4]);
    expect(await adjust({ sku: 'FEW', change, reason: 'test' })).toMatchObject({
      status: 409,
      body: { type: 'urn:millrace:problem:stock-out-of-bounds' },
    });
    expect(await service.get('/stock/FEW')).toMatchObject({ body: { onHand: 10, reserved: 4 } });
    await service.end('cancelled', held);
  });

  it.each([
    ['no reason', { sku: 'ADJ', change: 1 }, 422],
    ['an empty reason', { sku: 'ADJ', change: 1, reason: '' }, 422],
    ['a reason that is too long', { sku: 'ADJ', change: 1, reason: 'x'.repeat(201) }, 422],
    ['a reason with a NUL character', { sku: 'ADJ', change: 1, reason: 'a\u0000' }, 422],
    ['no change', { sku: 'ADJ', change: 0, reason: 'x' }, 422],
    ['half a unit', { sku: 'ADJ', change: 0.5, reason: 'x' }, 422],
    ['an unknown field', { sku: 'ADJ', change: 1, reason: 'x', by: 'me' }, 422],
    ['no SKU', { change: 1, reason: 'x' }, 422],
    ['malformed JSON', '{', 400],
    ['an unknown SKU', { sku: 'NEVER', change: 1, reason: 'x' }, 404],
  ])('with %s are refused', async (_what, body, status) => {
    const answer = await adjust(body);
    expect(answer).toMatchObject({ status, body: { status } });
    expect(answer.headers['content-type']).toBe(PROBLEM);
  });

  it('that are no JSON are refused', async () => {
    expect(await service.post('/stock/adjustments', 'a=1', { 'content-type': 'text/plain' })).toMatchObject({
      status: 415,
    });
  });
});
