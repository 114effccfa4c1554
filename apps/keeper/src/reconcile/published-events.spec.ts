import { describe, expect, it } from '@jest/globals';
import { PublishedEvents } from './published-events.js';
import type { IdRange, OutboxBucket } from './store/outbox-event-store.js';

const MINUTE_MS = 60_000;

describe('what the outboxes hold', () => {
  /** One event of each of two topics in every bucket, and the ranges that were read. */
  function eventsOf() {
    const read: IdRange[] = [];
    const outboxBuckets = async (range: IdRange): Promise<readonly OutboxBucket[]> => {
      read.push(range);
      const buckets = Array.from(
        { length: (range.to - range.from) / 10_000 },
        (_, index) => range.from + index * 10_000,
      );
      return buckets.flatMap((bucket) =>
        ['a', 'b'].map((topic, index) => ({ bucket, topic, count: 1, digest: BigInt(bucket + index) })),
      );
    };
    return { read, events: new PublishedEvents({ outboxBuckets }) };
  }

  it('is read once, a minute at a time, and what lies before the window is forgotten', async () => {
    const { read, events } = eventsOf();
    await events.cover({ from: 0, to: 2 * MINUTE_MS });
    await events.cover({ from: MINUTE_MS, to: 2 * MINUTE_MS + 20_000 });
    await events.cover({ from: MINUTE_MS, to: 2 * MINUTE_MS + 20_000 });
    expect(read).toEqual([
      { from: 0, to: MINUTE_MS },
      { from: MINUTE_MS, to: 2 * MINUTE_MS },
      { from: 2 * MINUTE_MS, to: 2 * MINUTE_MS + 20_000 },
    ]);
    const held = events.of(['a'], { from: 0, to: 10 * MINUTE_MS });
    expect([...held.keys()]).toEqual([60, 70, 80, 90, 100, 110, 120, 130].map((second) => second * 1_000));
    expect([...held.values()].every(({ count }) => count === 1)).toBe(true);
  });

  it('adds up over the topics of a group, within its range', async () => {
    const { events } = eventsOf();
    await events.cover({ from: 0, to: MINUTE_MS });
    expect([...events.of(['a', 'b', 'c'], { from: 20_000, to: 40_000 })]).toEqual([
      [20_000, { count: 2, digest: 20_000n ^ 20_001n }],
      [30_000, { count: 2, digest: 30_000n ^ 30_001n }],
    ]);
  });

  it('is read again where it turned out to be different', async () => {
    const { read, events } = eventsOf();
    await events.cover({ from: 0, to: MINUTE_MS });
    await events.renew(20_000);
    expect(read.at(-1)).toEqual({ from: 20_000, to: 30_000 });
    expect(events.of(['a'], { from: 20_000, to: 30_000 }).get(20_000)).toEqual({ count: 1, digest: 20_000n });
  });
});
