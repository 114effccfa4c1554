import { describe, expect, it } from '@jest/globals';
import { assertProducible, OrderCreated } from '@millrace/contracts';
import { newOrder, orderCreated, type OrderRequest } from './order.js';
import { OrderRefusedError } from './order-refused.error.js';

const identity = {
  id: '01993f6e-8f2b-7c11-9a54-3d2f0c9a7b10',
  placedAt: new Date('2026-03-01T10:15:30.000Z'),
};

function request(changes: Partial<OrderRequest> = {}): OrderRequest {
  return {
    customerId: 'c-1',
    region: 'eu-west',
    currency: 'EUR',
    lines: [{ sku: 'MUG', quantity: 2, unitPriceMinor: 1_490 }],
    ...changes,
  };
}

function refusalOf(changes: Partial<OrderRequest>): OrderRefusedError {
  try {
    newOrder(request(changes), identity);
  } catch (error) {
    if (error instanceof OrderRefusedError) return error;
    throw error;
  }
  throw new Error('the order was not refused');
}

describe('an order', () => {
  it('starts pending with the sum of its lines', () => {
    const lines = [
      { sku: 'MUG', quantity: 2, unitPriceMinor: 1_490 },
      { sku: 'TEE', quantity: 1, unitPriceMinor: 2_990 },
    ];
    expect(newOrder(request({ lines }), identity)).toMatchObject({
      status: 'pending',
      totalMinor: 5_970,
      lines,
    });
  });

  it('merges lines of one SKU at the place of the first', () => {
    const order = newOrder(
      request({
        lines: [
          { sku: 'MUG', quantity: 2, unitPriceMinor: 100 },
          { sku: 'TEE', quantity: 1, unitPriceMinor: 50 },
          { sku: 'MUG', quantity: 3, unitPriceMinor: 100 },
        ],
      }),
      identity,
    );
    expect(order.lines).toEqual([
      { sku: 'MUG', quantity: 5, unitPriceMinor: 100 },
      { sku: 'TEE', quantity: 1, unitPriceMinor: 50 },
    ]);
    expect(order.totalMinor).toBe(550);
  });

  it('keeps SKUs apart that differ in case only', () => {
    const order = newOrder(
      request({
        lines: [
          { sku: 'mug', quantity: 1, unitPriceMinor: 1 },
          { sku: 'MUG', quantity: 1, unitPriceMinor: 2 },
        ],
      }),
      identity,
    );
    expect(order.lines).toHaveLength(2);
  });

  it('is refused when one SKU has two prices', () => {
    const lines = [
      { sku: 'MUG', quantity: 1, unitPriceMinor: 100 },
      { sku: 'TEE', quantity: 1, unitPriceMinor: 100 },
      { sku: 'MUG', quantity: 1, unitPriceMinor: 101 },
    ];
    expect(refusalOf({ lines })).toMatchObject({ code: 'price-conflict', path: '/lines/2/unitPriceMinor' });
  });

  it('may cost 2^53 - 1 minor units and not one more', () => {
    const most = { sku: 'A', quantity: 1, unitPriceMinor: Number.MAX_SAFE_INTEGER };
    expect(newOrder(request({ lines: [most] }), identity).totalMinor).toBe(Number.MAX_SAFE_INTEGER);
    const lines = [most, { sku: 'B', quantity: 1, unitPriceMinor: 1 }];
    expect(refusalOf({ lines })).toMatchObject({ code: 'total-too-large', path: '/lines' });
  });

  it('counts exactly where floating point would not', () => {
    const lines = [
      { sku: 'A', quantity: 1, unitPriceMinor: 9_007_199_254_740_990 },
      { sku: 'B', quantity: 1, unitPriceMinor: 1 },
    ];
    expect(newOrder(request({ lines }), identity).totalMinor).toBe(9_007_199_254_740_991);
  });

  it.each(['XXX', 'ABC', 'XAU', 'DEM'])('is refused in %s, which nobody pays with', (currency) => {
    expect(refusalOf({ currency })).toMatchObject({ code: 'unknown-currency', path: '/currency' });
  });

  it.each(['EUR', 'USD', 'JPY', 'BHD'])('is accepted in %s', (currency) => {
    expect(newOrder(request({ currency }), identity).currency).toBe(currency);
  });
});

describe('order.created', () => {
  it('tells what the order is and passes on what the caller said of the buyer', () => {
    const said = {
      customer: { email: 'ada@example.com', locale: 'en' },
      payment: { cardFingerprint: 'card-1' },
      client: { ip: '203.0.113.7' },
    };
    const event = orderCreated(newOrder(request(said), identity));
    expect(event).toEqual({
      orderId: identity.id,
      customerId: 'c-1',
      region: 'eu-west',
      currency: 'EUR',
      totalMinor: 2_980,
      lines: [{ sku: 'MUG', quantity: 2, unitPriceMinor: 1_490 }],
      placedAt: '2026-03-01T10:15:30.000Z',
      ...said,
    });
    expect(() => assertProducible(OrderCreated, event)).not.toThrow();
  });

  it('satisfies its contract at every limit of a request', () => {
    const lines = Array.from({ length: 100 }, () => ({ sku: 'A', quantity: 10_000, unitPriceMinor: 0 }));
    expect(() =>
      assertProducible(OrderCreated, orderCreated(newOrder(request({ lines }), identity))),
    ).not.toThrow();
  });
});
