import { describe, expect, it } from '@jest/globals';
import { FakeOffsets } from './fake-offsets.fixture.js';
import { HeadAges, type Head } from './head-ages.js';
import { lookAt } from './sight.js';

const WEEK_MS = 7 * 86_400_000;
const LOOK_MS = 5_000;
const watched = [{ group: 'g', topic: 't', retentionMs: WEEK_MS, delayMs: 0 }];

describe('the ages of first records', () => {
  it('take two marks of a group that keeps up, and one more for each look of one that does not', async () => {
    const log = new FakeOffsets('t', 'g');
    const ages = new HeadAges(LOOK_MS);
    const look = async (at: number, waiting?: bigint) => {
      log.high += 10n;
      const sight = await lookAt(log, watched, at);
      const [partition] = sight.bounds.get('t') ?? [];
      const heads: Head[] =
        waiting !== undefined && partition ? [{ partition, offset: waiting, retentionMs: WEEK_MS }] : [];
      await ages.learn(sight, heads, log);
      return heads.map((head) => ages.age(head, at));
    };
    for (let count = 1; count <= 100; count += 1) await look(count * LOOK_MS);
    expect(ages.size).toBeLessThanOrEqual(2);
    for (let count = 101; count < 120; count += 1) await look(count * LOOK_MS, 1_004n);
    expect(await look(120 * LOOK_MS, 1_004n)).toEqual([19 * LOOK_MS + 0.55 * LOOK_MS]);
    expect(ages.size).toBeLessThanOrEqual(22);
    expect(log.questions).toBe(0);
  });
});
