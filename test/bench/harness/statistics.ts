import type { Sample } from './benchmark.js';

/** Middle of the values, or the mean of the two in the middle; throws for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.floor((sorted.length - 1) / 2)];
  if (upper === undefined || lower === undefined) throw new RangeError('there is no median of no values');
  return (upper + lower) / 2;
}

/** The values with their median and spread; throws for none. */
export function sampleOf(values: readonly number[]): Sample {
  const middle = median(values);
  const distance = Math.max(...values) - Math.min(...values);
  return { values, median: middle, spread: middle === 0 ? 0 : distance / middle };
}
