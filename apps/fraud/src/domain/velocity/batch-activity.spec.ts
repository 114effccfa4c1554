import { describe, expect, it } from '@jest/globals';
import { around, before, windowName } from './activity-window.js';
import { measure, nothingEarlier, type Activity } from './batch-activity.js';

const HOUR = 3_600_000;
const NOON = Date.parse('2026-03-01T12:00:00.000Z');

function activity(change: Partial<Activity> = {}): Activity {
  return { key: 'k', placedAtMs: NOON, currency: 'EUR', totalMinor: 100, ...change };
}

describe('a window', () => {
  it.each([
    { window: around('customer', HOUR), name: 'customer.1h' },
    { window: before('card', 600_000), name: 'card.10m.before' },
    { window: around('ip', 90_000), name: 'ip.90s' },
    { window: around('device', 60_001), name: 'device.60001ms' },
  ])('has a name by which it is stored: $name', ({ window, name }) => {
    expect(windowName(window)).toBe(name);
  });
});

describe('what a window holds', () => {
  const hour = around('customer', HOUR);

  it('is the order itself when nothing came before', () => {
    expect(measure(activity(), hour, nothingEarlier, [])).toEqual({ orders: 1, sumMinor: '100' });
  });

  it('is what the store knows, what the batch adds on either side as far as the reach, and the order', () => {
    const stored = { orders: 5, sumMinor: 2n ** 60n, leastMinor: 70, others: ['a', 'b'] };
    const batch = [-HOUR - 1, -HOUR, HOUR, HOUR + 1].map((after) =>
      activity({ placedAtMs: NOON + after, other: `at ${after}` }),
    );
    expect(measure(activity({ other: 'a' }), hour, stored, batch)).toEqual({
      orders: 8,
      sumMinor: (2n ** 60n + 300n).toString(),
      leastMinor: 70,
      others: 4,
    });
  });

  it('leaves out other keys, and other currencies of sum and least', () => {
    const batch = [
      activity({ key: 'other' }),
      activity({ currency: 'USD', totalMinor: 1 }),
      activity({ totalMinor: 9 }),
    ];
    expect(measure(activity(), hour, nothingEarlier, batch)).toEqual({
      orders: 3,
      sumMinor: '109',
      leastMinor: 9,
    });
  });

  it('does not look ahead when it is what came before', () => {
    const batch = [activity({ placedAtMs: NOON + 1 }), activity({ placedAtMs: NOON })];
    expect(measure(activity(), before('card', HOUR), nothingEarlier, batch)).toMatchObject({ orders: 2 });
  });

  it('counts distinct values up to 64', () => {
    const others = Array.from({ length: 64 }, (_, index) => String(index));
    const stored = { orders: 64, sumMinor: 1n, others };
    expect(measure(activity({ other: 'new' }), hour, stored, [])).toMatchObject({ others: 64 });
  });
});
