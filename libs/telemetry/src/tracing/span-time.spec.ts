import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { spanTime } from './span-time.js';

const TIMES = 10_000;

function wallClockAt(time: () => number): void {
  jest.spyOn(Date, 'now').mockImplementation(time);
}

describe('the time of spans', () => {
  afterEach(() => void jest.restoreAllMocks());

  it('never goes back, stays in the millisecond of the wall clock and tells times apart that are in one', () => {
    const read = Array.from({ length: TIMES }, () => [Date.now(), spanTime(), Date.now()] as const);
    const times = read.map(([, time]) => time);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(read.filter(([before, time, after]) => time < before || time >= after + 1)).toEqual([]);
    expect(new Set(times).size).toBeGreaterThan(new Set(times.map(Math.floor)).size);
  });

  it.each([
    ['forward', 3_600_000],
    ['back', -3_600_000],
  ])('follows a wall clock that is set %s', (_, by) => {
    const now = Date.now() + by;
    wallClockAt(() => now);
    expect(Math.floor(spanTime())).toBe(now);
    wallClockAt(() => now + 5);
    expect(Math.floor(spanTime())).toBe(now + 5);
  });
});
