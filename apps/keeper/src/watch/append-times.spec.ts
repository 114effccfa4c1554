import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { AppendTimes, MOST_MARKS } from './append-times.js';

const WEEK_MS = 7 * 86_400_000;
const LOOK_MS = 5_000;

function timesOf(...marks: readonly (readonly [at: number, end: number])[]): AppendTimes {
  const times = new AppendTimes();
  for (const [at, end] of marks) times.note({ at, end: BigInt(end) });
  return times;
}

describe('the times at which records were appended', () => {
  it('lie between the looks before and after, spread over what came in between', () => {
    const times = timesOf([0, 0], [5_000, 10], [10_000, 10], [15_000, 11]);
    expect(times.ageAt(0n, 15_000, WEEK_MS)).toBe(14_750);
    expect(times.ageAt(9n, 15_000, WEEK_MS)).toBe(10_250);
    expect(times.ageAt(10n, 15_000, WEEK_MS)).toBe(2_500);
    expect(times.ageAt(11n, 15_000, WEEK_MS)).toBe(0);
  });

  it('are at most the retention ago as long as nobody knows better', () => {
    expect(timesOf([WEEK_MS, 10]).ageAt(3n, WEEK_MS, WEEK_MS)).toBe(WEEK_MS);
  });

  it('take eight questions to the brokers at most to be known to 5 % or two looks, however old the record', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: WEEK_MS - 1 }), (age) => {
        const now = 2 * WEEK_MS;
        const times = timesOf([now, 10]);
        let questions = 0;
        for (;;) {
          const instant = times.unsureOf(7n, now, WEEK_MS, LOOK_MS);
          if (instant === undefined) break;
          questions += 1;
          times.note({ at: instant, end: now - age < instant ? 8n : 7n });
        }
        expect(questions).toBeLessThanOrEqual(8);
        expect(Math.abs(times.ageAt(7n, now, WEEK_MS) - age)).toBeLessThanOrEqual(
          Math.max(2 * LOOK_MS, 0.06 * age),
        );
      }),
    );
  });

  it('need no question while the record came between two looks', () => {
    expect(timesOf([0, 5], [5_000, 9]).unsureOf(6n, 5_000, WEEK_MS, LOOK_MS)).toBeUndefined();
    expect(timesOf([5_000, 9]).unsureOf(6n, 5_000, WEEK_MS, LOOK_MS)).toBeGreaterThan(5_000 - WEEK_MS);
  });

  it('keep two marks of a partition that gets no records, and forget what nobody waits for', () => {
    const times = timesOf([0, 1], [1, 5], [2, 5], [3, 5], [4, 7], [5, 7]);
    expect(times.size).toBe(5);
    times.forgetBefore(5n);
    expect(times.size).toBe(3);
    expect(times.ageAt(5n, 5, WEEK_MS)).toBe(1.75);
  });

  it('begin anew with a partition that was made anew', () => {
    const times = timesOf([0, 100], [1_000, 2]);
    expect(times.size).toBe(1);
    expect(times.ageAt(2n, 1_000, WEEK_MS)).toBe(0);
  });

  it('bend a mark that contradicts its neighbours', () => {
    const times = timesOf([0, 10], [10_000, 20]);
    times.note({ at: 6_000, end: 3n });
    expect(times.ageAt(15n, 10_000, WEEK_MS)).toBe(1_800);
    times.note({ at: 7_000, end: 25n });
    expect(times.ageAt(19n, 10_000, WEEK_MS)).toBe(3_050);
  });

  it('become coarser and not more when a group rests for long', () => {
    const times = new AppendTimes();
    for (let look = 0; look <= 3 * MOST_MARKS; look += 1)
      times.note({ at: look * LOOK_MS, end: BigInt(look) });
    expect(times.size).toBeLessThanOrEqual(MOST_MARKS);
    const now = 3 * MOST_MARKS * LOOK_MS;
    expect(times.ageAt(0n, now, WEEK_MS)).toBeGreaterThan(0.99 * now);
    expect(times.ageAt(BigInt(3 * MOST_MARKS - 1), now, WEEK_MS)).toBe(2_500);
  });
});
