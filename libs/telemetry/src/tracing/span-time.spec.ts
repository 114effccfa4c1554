import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { hrTimeToMicroseconds } from '@opentelemetry/core';
import { spanTime } from './span-time.js';

const TIMES = 10_000;
const millisecond = (microseconds: number) => Math.floor(microseconds / 1_000);

function wallClockAt(time: () => number): void {
  jest.spyOn(Date, 'now').mockImplementation(time);
}

describe('the time of spans', () => {
  afterEach(() => void jest.restoreAllMocks());

  it('never goes back, stays in the millisecond of the wall clock and tells times apart that are in one', () => {
    const read = Array.from({ length: TIMES }, () => {
      const before = Date.now();
      return { before, time: hrTimeToMicroseconds(spanTime()), after: Date.now() };
    });
    const times = read.map(({ time }) => time);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.filter((time) => !Number.isInteger(time))).toEqual([]);
    expect(
      read.filter(({ before, time, after }) => millisecond(time) < before || millisecond(time) > after),
    ).toEqual([]);
    expect(new Set(times).size).toBeGreaterThan(new Set(times.map(millisecond)).size);
  });

  it.each([
    ['forward', 3_600_000],
    ['back', -3_600_000],
  ])('follows a wall clock that is set %s', (_, by) => {
    const now = Date.now() + by;
    for (const wall of [now, now + 5]) {
      wallClockAt(() => wall);
      expect(millisecond(hrTimeToMicroseconds(spanTime()))).toBe(wall);
    }
  });
});
