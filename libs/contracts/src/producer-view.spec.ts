import { describe, expect, it } from '@jest/globals';
import { catalogue } from './catalogue.js';
import { ContractViolationError } from './contract-violation.error.js';
import { OrderCreated } from './orders/order-created.v1.js';
import { assertProducible, encodeEvent } from './producer-view.js';

const [order] = OrderCreated.examples;

function violationsOf(work: () => unknown): ContractViolationError['violations'] {
  try {
    work();
  } catch (error) {
    if (error instanceof ContractViolationError) return error.violations;
    throw error;
  }
  throw new Error('the payload was accepted');
}

describe('the producer view', () => {
  for (const definition of catalogue) {
    it.each(definition.examples.map((example, index) => [index, example] as const))(
      `accepts example %i of ${definition.type}`,
      (_, example) => {
        expect(JSON.parse(encodeEvent(definition, example))).toEqual(example);
      },
    );
  }

  it('refuses a field that the contract does not know, and names its place', () => {
    expect(violationsOf(() => encodeEvent(OrderCreated, { ...order!, coupon: 'X' } as OrderCreated))).toEqual(
      [{ path: '/coupon', message: 'is not a known field' }],
    );
  });

  it('refuses an unknown field inside a line', () => {
    const lines = [{ ...order!.lines[0]!, weight: 3 }];
    expect(violationsOf(() => assertProducible(OrderCreated, { ...order!, lines }))[0]?.path).toBe(
      '/lines/0/weight',
    );
  });

  it.each([
    ['a missing field', { region: undefined }],
    ['an amount that is no integer', { totalMinor: 19.9 }],
    ['an amount beyond 2^53', { totalMinor: 2 ** 53 }],
    ['a negative amount', { totalMinor: -1 }],
    ['an id that is no UUID', { orderId: 'order-1' }],
    ['an instant that is no RFC 3339 text', { placedAt: 'yesterday' }],
    ['a currency in lower case', { currency: 'eur' }],
    ['an order without lines', { lines: [] }],
  ])('refuses %s', (_, change) => {
    expect(() => assertProducible(OrderCreated, { ...order, ...change })).toThrow(ContractViolationError);
  });

  it('names every violation and no value', () => {
    const broken = { ...order!, currency: 'secret-value', totalMinor: -5 };
    const violations = violationsOf(() => encodeEvent(OrderCreated, broken));
    expect(violations.map(({ path }) => path).sort()).toEqual(['/currency', '/totalMinor']);
    expect(JSON.stringify(violations)).not.toContain('secret-value');
  });

  it('is not satisfied by something that is no object', () => {
    expect(() => assertProducible(OrderCreated, null)).toThrow('order.created breaks its contract');
  });
});
