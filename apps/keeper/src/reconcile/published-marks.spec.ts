import { describe, expect, it } from '@jest/globals';
import type { LogBounds } from '@millrace/messaging';
import type { Sight } from '../watch/sight.js';
import { CLOCK_SLACK_MS, PublishedMarks } from './published-marks.js';

const TOPICS = ['order.created'];

/** A look at two partitions that end there, and where the group stands; undefined is a partition without a commit. */
function sightOf(
  at: number,
  ends: readonly number[],
  positions: readonly (number | undefined)[] = ends,
): Sight {
  const partitions = ends.map((high, partition): LogBounds => ({
    topic: 'order.created',
    partition,
    low: 0n,
    high: BigInt(high),
  }));
  return {
    at,
    bounds: new Map([['order.created', partitions]]),
    members: new Map(),
    position: (_group, { partition, low }) => {
      const position = positions[partition];
      return position === undefined ? low : BigInt(position);
    },
  };
}

describe('what a group must have handled', () => {
  const handled = (marks: PublishedMarks, sight: Sight) => marks.handledBefore('g', TOPICS, sight);

  it('is what was published before a look, once the group stands at the ends of that look', () => {
    const marks = new PublishedMarks();
    marks.read({ at: 1_000, publishedBefore: 900 });
    marks.seen(sightOf(1_500, [10, 20]));
    expect(handled(marks, sightOf(2_000, [12, 22], [10, 19]))).toBeUndefined();
    expect(handled(marks, sightOf(3_000, [15, 25], [12, 20]))).toBe(900 - CLOCK_SLACK_MS);
  });

  it('is not told by a look that began before it was read what is published', () => {
    const marks = new PublishedMarks();
    marks.read({ at: 1_000, publishedBefore: 900 });
    marks.seen(sightOf(999, [10, 20]));
    expect(handled(marks, sightOf(999, [10, 20]))).toBeUndefined();
  });

  it('is nothing for a group that never committed, unless its topics are empty', () => {
    const marks = new PublishedMarks();
    marks.read({ at: 1_000, publishedBefore: 900 });
    marks.seen(sightOf(1_500, [10, 0]));
    expect(handled(marks, sightOf(2_000, [10, 0], [undefined, undefined]))).toBeUndefined();
    expect(handled(marks, sightOf(2_000, [10, 0], [10, undefined]))).toBe(900 - CLOCK_SLACK_MS);
  });

  it('stands still while the group does, and never goes back with it', () => {
    const marks = new PublishedMarks();
    for (let look = 1; look <= 3; look += 1) {
      marks.read({ at: look * 1_000, publishedBefore: look * 100 });
      marks.seen(sightOf(look * 1_000 + 1, [look * 10, look * 10]));
    }
    expect(handled(marks, sightOf(4_000, [30, 30], [20, 25]))).toBe(200 - CLOCK_SLACK_MS);
    expect(handled(marks, sightOf(5_000, [30, 30], [12, 12]))).toBe(200 - CLOCK_SLACK_MS);
    expect(handled(marks, sightOf(6_000, [30, 30], [30, 30]))).toBe(300 - CLOCK_SLACK_MS);
  });

  it('is not lost when looks are rarer than readings', () => {
    const marks = new PublishedMarks();
    for (let reading = 1; reading <= 5; reading += 1)
      marks.read({ at: reading * 1_000, publishedBefore: reading * 100 });
    marks.seen(sightOf(1_500, [10, 10]));
    expect(handled(marks, sightOf(6_000, [10, 10]))).toBe(100 - CLOCK_SLACK_MS);
  });
});
