import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { CONSUMER_STATUSES, consumerStatus, type Sample } from './consumer-status.js';

const rules = { allowedAgeMs: 5_000, windowMs: 15_000 };

/** Four samples, five seconds apart, each as [committed, lag] and with what else is given. */
function windowOf(
  samples: readonly (readonly [committed: number, lag: number])[],
  { headAgeMs = 60_000, members = 1 } = {},
): Sample[] {
  return samples.map(([committed, lag], index) => ({
    at: index * 5_000,
    committed: BigInt(committed),
    lag,
    headAgeMs: lag > 0 ? headAgeMs : 0,
    members,
  }));
}

const standing = windowOf([[5, 10], [5, 12], [5, 14], [5, 16]]); // prettier-ignore
const falling = windowOf([[5, 10], [6, 10], [7, 12], [8, 13]]); // prettier-ignore
const catchingUp = windowOf([[5, 30], [15, 22], [25, 14], [35, 6]]); // prettier-ignore

describe("Burrow's rules", () => {
  it.each([
    ['no lag at one point of the window', windowOf([[5, 9], [14, 0], [14, 8], [14, 9]]), 14n, 'ok'], // prettier-ignore
    ['a lag that is never older than commits are', windowOf([[5, 9], [5, 9], [5, 9], [5, 9]], { headAgeMs: 900 }), 5n, 'ok'], // prettier-ignore
    ['a window that is too short', standing.slice(0, 3), 5n, 'ok'],
    ['a lag that becomes less', catchingUp, 35n, 'ok'],
    ['a lag that never becomes less', falling, 8n, 'warn'],
    ['no member', standing.map((sample) => ({ ...sample, members: 0 })), 5n, 'stop'],
    ['members and no move', standing, 5n, 'stall'],
    ['a position behind the furthest', falling, 100n, 'rewind'],
    ['a position behind the furthest, and no member', standing.map((one) => ({ ...one, members: 0 })), 100n, 'rewind'], // prettier-ignore
    ['a position behind the furthest, and no lag', windowOf([[5, 9], [5, 9], [14, 0], [14, 0]]), 100n, 'ok'], // prettier-ignore
  ] as const)('take %s for what it is', (_what, window, peak, status) => {
    expect(consumerStatus(window, peak, rules)).toBe(status);
  });

  const sample = fc.record({
    committed: fc.bigInt({ min: 0n, max: 50n }),
    lag: fc.nat(20),
    headAgeMs: fc.nat(20_000),
    members: fc.nat(2),
  });
  const windows = fc
    .array(sample, { minLength: 2, maxLength: 6 })
    .map((samples) => samples.map((one, index) => ({ ...one, at: index * 5_000 })));

  it('find nothing wrong with any window that has a point without lag, whatever else is in it', () => {
    fc.assert(
      fc.property(windows, fc.nat(5), fc.bigInt({ min: 0n, max: 99n }), (window, place, peak) => {
        const calm = window.map((one, index) => (index === place % window.length ? { ...one, lag: 0 } : one));
        expect(consumerStatus(calm, peak, rules)).toBe('ok');
      }),
    );
  });

  it('say the same of a group wherever on the log it stands', () => {
    fc.assert(
      fc.property(windows, fc.bigInt({ min: 0n, max: 99n }), fc.bigInt({ min: 0n }), (window, peak, far) => {
        const moved = window.map((one) => ({ ...one, committed: one.committed + far }));
        expect(consumerStatus(moved, peak + far, rules)).toBe(consumerStatus(window, peak, rules));
      }),
    );
  });

  it('never say more than one thing, and always one of the five', () => {
    fc.assert(
      fc.property(windows, fc.bigInt({ min: 0n, max: 99n }), (window, peak) => {
        expect(CONSUMER_STATUSES).toContain(consumerStatus(window, peak, rules));
      }),
    );
  });

  it('never blame members for a group that has none', () => {
    fc.assert(
      fc.property(windows, (window) => {
        const left = window.map((one) => ({ ...one, members: 0 }));
        expect(['ok', 'stop']).toContain(consumerStatus(left, 0n, rules));
      }),
    );
  });
});
