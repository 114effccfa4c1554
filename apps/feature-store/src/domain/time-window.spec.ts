import { describe, expect, it } from '@jest/globals';
import { windowUntil } from './time-window.js';

describe('windowUntil', () => {
  it.each([
    ['2026-03-02T10:15:30.500Z', '2026-03-01T10:15:00.000Z'],
    ['2026-03-02T10:15:00.000Z', '2026-03-01T10:15:00.000Z'],
    ['2026-03-02T10:15:59.999Z', '2026-03-01T10:15:00.000Z'],
  ])('of a day until %s begins with the minute %s', (now, from) => {
    const window = windowUntil(new Date(now), 86_400_000);
    expect(window).toEqual({ from: new Date(from), to: new Date(now) });
  });
});
