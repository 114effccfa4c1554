import { describe, expect, it } from '@jest/globals';
import { until } from './until.js';

describe('until', () => {
  it('asks again until the answer is true', async () => {
    let asked = 0;
    expect(await until(() => ++asked === 3, 5_000, 1)).toBe(true);
    expect(asked).toBe(3);
  });

  it('gives up when the time is over', async () => {
    expect(await until(() => false, 20, 5)).toBe(false);
  });
});
