import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OrderService } from './order-service.fixture.js';

const ORDERS = 25;

let service: OrderService;
let ids: string[];

beforeAll(async () => {
  service = await OrderService.start(stack.postgres);
  ids = [];
  for (let index = 0; index < ORDERS; index += 1) {
    const { body } = await service.post({
      customerId: index % 5 === 0 ? 'rare' : 'often',
      region: 'eu-west',
      currency: 'EUR',
      lines: [{ sku: 'TEE-M', quantity: 1, unitPriceMinor: 2_990 }],
    });
    ids.push(String(body['id']));
  }
  // Microseconds that JavaScript's dates do not know, and orders of the very same moment.
  await service.rows(`UPDATE orders SET placed_at = '2026-03-01T10:00:00.000123Z'::timestamptz
                        + (ascii(right(id::text, 1)) % 3) * interval '1 microsecond'`);
});
afterAll(() => service.stop());

async function pages(query: string): Promise<string[][]> {
  const all: string[][] = [];
  let cursor = '';
  do {
    const { status, body } = await service.get(`/orders?${query}${cursor}`);
    expect(status).toBe(200);
    all.push((body['items'] as { id: string }[]).map(({ id }) => id));
    cursor = typeof body['nextCursor'] === 'string' ? `&cursor=${body['nextCursor']}` : '';
  } while (cursor !== '');
  return all;
}

describe('GET /orders', () => {
  it.each([1, 4, 24, 25, 200])('shows every order once in pages of %i, newest first', async (limit) => {
    const all = await pages(`limit=${limit}`);
    expect(all.map(({ length }) => length).every((length) => length <= limit && length > 0)).toBe(true);
    const expected = await service.rows<{ id: string }>(
      `SELECT id FROM orders ORDER BY placed_at DESC, id DESC`,
    );
    expect(all.flat()).toEqual(expected.map(({ id }) => id));
    expect(new Set(all.flat())).toEqual(new Set(ids));
  });

  it("shows one customer's orders", async () => {
    const all = await pages('limit=2&customerId=rare');
    expect(all.flat()).toHaveLength(5);
    expect(all.flat()).toEqual([...new Set(all.flat())]);
  });

  it('shows an order as it is shown alone', async () => {
    const { body } = await service.get('/orders?limit=1');
    const [first] = body['items'] as { id: string }[];
    expect((await service.get(`/orders/${first?.id}`)).body).toEqual(first);
  });

  it.each([
    ['a cursor that no page gave', 'cursor=abc'],
    ['a cursor with a moment that is none', `cursor=${fake('2026-13-01T10:00:00.000000+00')}`],
    ['a limit of nothing', 'limit=0'],
    ['a limit above 200', 'limit=201'],
    ['an unknown parameter', 'page=2'],
  ])('refuses %s with a problem', async (_what, query) => {
    const { status, headers } = await service.get(`/orders?${query}`);
    expect(status).toBe(422);
    expect(headers['content-type']).toBe('application/problem+json');
  });

  function fake(moment: string): string {
    return Buffer.from(`${moment}|01993f6e-8f2b-7c11-9a54-3d2f0c9a7b10`).toString('base64url');
  }
});
