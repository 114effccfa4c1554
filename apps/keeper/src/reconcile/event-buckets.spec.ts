import { describe, expect, it } from '@jest/globals';
import { BUCKET_MS, bucketOf, differingBuckets, unionOf } from './event-buckets.js';
import { slicesOf } from './slices.js';

describe('buckets of event ids', () => {
  it('are the same when count and digest are, and differ when one side lacks one; the newest comes first', () => {
    const one = new Map([
      [10, { count: 2, digest: 7n }],
      [20, { count: 2, digest: 7n }],
      [30, { count: 1, digest: 9n }],
    ]);
    const other = new Map([
      [10, { count: 2, digest: 7n }],
      [20, { count: 2, digest: 8n }],
      [40, { count: 1, digest: 9n }],
    ]);
    expect(differingBuckets(one, other)).toEqual([40, 30, 20]);
    expect(differingBuckets(one, one)).toEqual([]);
  });

  it('add up over topics', () => {
    const parts = [{ count: 2, digest: 6n }, { count: 1, digest: 3n }]; // prettier-ignore
    expect(parts.reduce((sum, part) => unionOf(sum, part))).toEqual({ count: 3, digest: 5n });
    expect(unionOf(undefined, { count: 1, digest: 3n })).toEqual({ count: 1, digest: 3n });
  });

  it('begin at whole multiples of their length', () => {
    expect(bucketOf(3 * BUCKET_MS + 1)).toBe(3 * BUCKET_MS);
    expect(bucketOf(3 * BUCKET_MS)).toBe(3 * BUCKET_MS);
  });

  it('are read in slices that leave nothing out', () => {
    expect(slicesOf({ from: 0, to: 25 }, 10)).toEqual([
      { from: 0, to: 10 },
      { from: 10, to: 20 },
      { from: 20, to: 25 },
    ]);
    expect(slicesOf({ from: 5, to: 5 }, 10)).toEqual([]);
    expect(slicesOf({ from: 9, to: 5 }, 10)).toEqual([]);
  });
});
