import { afterEach, describe, expect, it } from '@jest/globals';
import type { ObservationPoint } from '@millrace/messaging';
import { deadEvents, deadLetters, disorder, ReferenceGroup, type Behaviour } from '@millrace/testing/faults';
import { newSeed, random } from './support/random.js';
import { settled } from './support/settling.js';

const EVENTS = 600;
const KEYS = 30;
/** Deaths at one point in one test: a successor that is killed at the same place sees what its own kind left behind. */
const KILLS = 2;
/** Eight in the work of each victim, of which it sees four at most. */
const FATAL_EVERY = 25;
const DIES_WITHIN_MS = 120_000;

const BATCH: readonly ObservationPoint[] = ['batch.claimed', 'batch.handled', 'batch.committed'];
const OFFSETS: readonly ObservationPoint[] = ['offsets.committing', 'offsets.committed'];
const FAILURE: readonly ObservationPoint[] = [
  'failure.recorded',
  'failure.published',
  'failure.acknowledged',
];
const PARKING: readonly ObservationPoint[] = ['record.parked', 'head.handled', 'head.committed'];

const matrix = [
  ...[...BATCH, ...OFFSETS, ...FAILURE].map((point) => ({ ordering: 'none' as const, point })),
  ...[...BATCH, ...OFFSETS, ...FAILURE, ...PARKING].map((point) => ({ ordering: 'key' as const, point })),
];

let group: ReferenceGroup | undefined;

afterEach(async () => {
  await group?.close();
  group = undefined;
});

describe('a consumer that is killed', () => {
  it.each(matrix)(
    'at $point with ordering $ordering leaves each event with exactly one of effect and dead letter',
    async ({ ordering, point }) => {
      const seed = newSeed();
      const next = random(seed);
      group = await ReferenceGroup.create(stack, {
        ordering,
        options: { batchRecords: 40, ...(ordering === 'key' ? { deadHead: 'skip' as const } : {}) },
      });
      const events = group.events(EVENTS, KEYS);
      await group.behave(events.flatMap(({ name }, index) => behaviourOf(name, index, next())));
      const share = EVENTS / (KILLS + 1);
      for (let kill = 0; kill < KILLS; kill += 1) {
        // Each victim gets new work, so that it reaches the point whatever the one before it has finished.
        await group.produce(events.slice(kill * share, (kill + 1) * share));
        // Offsets are committed by the clock, and all of the work may be one commit.
        const killAfter = OFFSETS.includes(point) ? 1 : 1 + Math.floor(next() * 4);
        const member = group.start({ killAt: point, killAfter });
        expect({ seed, end: await member.ends(DIES_WITHIN_MS) }).toEqual({ seed, end: 'SIGKILL' });
      }
      await group.produce(events.slice(KILLS * share));
      group.start();
      await settled(group, events);

      const dead = await deadEvents(group);
      expect(dead.length).toBeGreaterThan(0);
      expect({ seed, dead: await deadLetters(group) }).toEqual({ seed, dead });
      const wrong = ordering === 'key' ? await disorder(group) : {};
      expect({ seed, wrong }).toEqual({ seed, wrong: {} });
    },
  );
});

/**
 * Ten in a hundred fail once or twice, two never take effect. Which are fatal is not left to chance: every victim must
 * find as many deaths as it is to see before its own.
 */
function behaviourOf(name: string, index: number, chance: number): Behaviour[] {
  if (index % FATAL_EVERY === 0) return [{ name, kind: 'fatal' }];
  if (chance < 0.1) return [{ name, kind: 'fail', times: chance < 0.05 ? 1 : 2 }];
  if (chance < 0.12) return [{ name, kind: 'fail' }];
  return [];
}
