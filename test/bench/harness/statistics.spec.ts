import { describe, expect, it } from '@jest/globals';
import { median, sampleOf } from './statistics.js';

describe('the median', () => {
  it('is the value in the middle, whatever the order', () => {
    expect(median([9, 1, 5])).toBe(5);
  });

  it('is the mean of the two in the middle of an even number', () => {
    expect(median([4, 1, 2, 100])).toBe(3);
  });

  it('does not exist for no values', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('a sample', () => {
  it('keeps its values in order and says how far they lie apart', () => {
    expect(sampleOf([12, 8, 10])).toEqual({ values: [12, 8, 10], median: 10, spread: 0.4 });
  });
});
