import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FailureRate } from './failure-rate.js';

function note(rate: FailureRate, results: readonly boolean[]): void {
  for (const failed of results) {
    if (failed) rate.failed();
    else rate.succeeded(1);
  }
}

describe('FailureRate', () => {
  it('says nothing below its window', () => {
    const rate = new FailureRate(100, 0.5);
    note(
      rate,
      Array.from({ length: 99 }, () => true),
    );
    expect(rate.isSystemic).toBe(false);
    rate.failed();
    expect(rate.isSystemic).toBe(true);
  });

  it('reaches its ratio at exactly that share', () => {
    const rate = new FailureRate(10, 0.5);
    note(rate, [true, true, true, true, false, false, false, false, false, false]);
    expect(rate.isSystemic).toBe(false);
    note(rate, [false, false, false, false, true]);
    expect(rate.isSystemic).toBe(false);
    note(rate, [true, true, true, true]);
    expect(rate.isSystemic).toBe(true);
  });

  it('forgets everything when it is reset', () => {
    const rate = new FailureRate(2, 0.5);
    note(rate, [true, true]);
    rate.reset();
    expect(rate.isSystemic).toBe(false);
    note(rate, [false, false]);
    expect(rate.isSystemic).toBe(false);
  });

  it('is systemic whatever the share while too many keys wait', () => {
    let parked = 0;
    const rate = new FailureRate(100, 0.5, () => parked > 10);
    expect(rate.isSystemic).toBe(false);
    parked = 11;
    expect(rate.isSystemic).toBe(true);
  });

  it('counts a large batch of successes like as many single ones', () => {
    const rate = new FailureRate(4, 0.5);
    note(rate, [true, true, true, true]);
    rate.succeeded(1_000_000);
    expect(rate.isSystemic).toBe(false);
  });

  it('is what counting the latest results gives, for any results', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { maxLength: 60 }),
        fc.integer({ min: 1, max: 10 }),
        (results, window) => {
          const rate = new FailureRate(window, 0.5);
          note(rate, results);
          const latest = results.slice(-window);
          const failing = latest.filter((failed) => failed).length;
          expect(rate.isSystemic).toBe(latest.length === window && failing >= window / 2);
        },
      ),
    );
  });
});
