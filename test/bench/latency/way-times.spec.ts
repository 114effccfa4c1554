import { describe, expect, it } from '@jest/globals';
import type { Effect } from '../load/order-effects.js';
import { completionTimes, partsText, percentile, servicesText } from './way-times.js';

const effect = (eventId: string, service: string, receivedAt: number, committedAt: number): Effect => ({
  eventId,
  service,
  placedAt: 100,
  receivedAt,
  committedAt,
});

const EFFECTS = [
  effect('a', 'fraud', 105, 110),
  effect('a', 'inventory', 106, 130),
  effect('b', 'fraud', 107, 112),
  effect('b', 'inventory', 108, 109),
];

describe('the times of the ways of orders', () => {
  it('are complete with the slowest service', () => {
    expect(completionTimes(EFFECTS)).toEqual([30, 12]);
  });

  it('have percentiles that are values of theirs', () => {
    const values = [5, 1, 4, 2, 3];
    expect([0, 0.2, 0.5, 0.99, 1].map((share) => percentile(values, share))).toEqual([1, 1, 3, 5, 5]);
    expect(() => percentile([], 0.5)).toThrow(RangeError);
  });

  it('fall into parts, where the record was seen', () => {
    expect(partsText(EFFECTS, new Map([['a', 103]]))).toBe(
      'commit → captured 3.0 ms, captured → received 2.5 ms, received → effect committed 14.5 ms',
    );
    expect(partsText(EFFECTS, new Map())).toBe('no record was seen');
  });

  it('differ by service', () => {
    expect(servicesText(EFFECTS)).toBe('inventory 19.5 ms, fraud 11.0 ms');
  });
});
