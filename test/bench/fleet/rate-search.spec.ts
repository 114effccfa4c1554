import { describe, expect, it } from '@jest/globals';
import { RateSearch } from './rate-search.js';

/** Searches where every rate up to the limit is kept. */
function searched(limit: number, first = 100): { best: number | undefined; tried: number[] } {
  const search = new RateSearch(first);
  const tried: number[] = [];
  for (let rate = search.next; rate !== undefined; rate = search.next) {
    tried.push(rate);
    search.tell(rate, rate <= limit);
  }
  return { best: search.best, tried };
}

describe('RateSearch', () => {
  it.each([100, 130, 777, 5_000])('comes within 15% of %d from below', (limit) => {
    const { best = 0, tried } = searched(limit);
    expect(best).toBeLessThanOrEqual(limit);
    expect(best * 1.15).toBeGreaterThanOrEqual(limit);
    expect(tried.length).toBeLessThanOrEqual(12);
  });

  it('goes down when the first rate is too high', () => {
    expect(searched(30).best).toBeGreaterThanOrEqual(25);
  });

  it('gives up when no rate is kept', () => {
    expect(searched(0)).toEqual({ best: undefined, tried: [100, 50, 25, 12, 6, 3, 1] });
  });
});
