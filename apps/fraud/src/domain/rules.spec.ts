import { describe, expect, it } from '@jest/globals';
import type { Inputs } from './inputs.js';
import { rules } from './rules.js';
import type { Thresholds } from './thresholds.js';

const thresholds: Thresholds = {
  amounts: { EUR: { high: 1_000, veryHigh: 10_000 }, JPY: { high: 50, veryHigh: 500 } },
  velocity: { limit: 10, windowMs: 3_600_000 },
  bands: { review: 300, decline: 700 },
};

const inputs: Inputs = {
  currency: 'EUR',
  totalMinor: 1,
  placedAt: '2026-03-01T10:00:00.000Z',
  customerOrders: 1,
};

function fired(change: Partial<Inputs>): Record<string, boolean | undefined> {
  return Object.fromEntries(rules.map((rule) => [rule.id, rule.fires({ ...inputs, ...change }, thresholds)]));
}

describe('the live rules', () => {
  it.each([
    { what: 'a small amount', change: { totalMinor: 999 }, high: false, veryHigh: false },
    { what: 'exactly the high limit', change: { totalMinor: 1_000 }, high: true, veryHigh: false },
    { what: 'just below very high', change: { totalMinor: 9_999 }, high: true, veryHigh: false },
    { what: 'exactly the very high limit', change: { totalMinor: 10_000 }, high: false, veryHigh: true },
    {
      what: 'the limits of its own currency',
      change: { currency: 'JPY', totalMinor: 499 },
      high: true,
      veryHigh: false,
    },
  ])('judge an amount: $what', ({ change, high, veryHigh }) => {
    expect(fired(change)).toMatchObject({ 'amount.high': high, 'amount.very-high': veryHigh });
  });

  it('cannot judge an amount in a currency without limits', () => {
    expect(fired({ currency: 'XTS', totalMinor: 1 })).toMatchObject({
      'amount.high': undefined,
      'amount.very-high': undefined,
    });
  });

  it.each([
    { orders: 1, fires: false },
    { orders: 10, fires: false },
    { orders: 11, fires: true },
  ])('let exactly ten orders pass: $orders in the window', ({ orders, fires }) => {
    expect(fired({ customerOrders: orders })).toMatchObject({ 'customer.velocity': fires });
  });

  it('cannot judge velocity that nobody counted', () => {
    const { customerOrders: _unknown, ...uncounted } = inputs;
    const velocity = rules.find((rule) => rule.id === 'customer.velocity');
    expect(velocity?.fires(uncounted, thresholds)).toBeUndefined();
  });

  it('have names of their own that fit into the event', () => {
    const ids = rules.map((rule) => rule.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^[a-z-]+\.[a-z-]{1,50}$/.test(id))).toBe(true);
  });
});
