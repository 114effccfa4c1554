import { afterEach, describe, expect, it } from '@jest/globals';
import type { ObservationPoint } from '@millrace/messaging';
import {
  deadEvents,
  disorder,
  outcomeOf,
  ReferenceGroup,
  SETTLED,
  type ReferenceEvent,
  type ReferenceSettings,
} from '@millrace/testing/faults';
import { eventually } from '@millrace/testing/runtime';
import { newSeed, random } from './support/random.js';
import { settled } from './support/settling.js';

const EVENTS = 400;
const DIES_WITHIN_MS = 60_000;

type Case = Pick<ReferenceSettings, 'ordering'> & {
  readonly deadHead?: 'block' | 'skip';
  readonly point: ObservationPoint;
};

const POINTS: readonly ObservationPoint[] = [
  'replay.armed',
  'replay.published',
  'batch.claimed',
  'batch.handled',
  'batch.committed',
];

const matrix: readonly Case[] = [
  ...POINTS.map((point) => ({ ordering: 'none' as const, point })),
  ...POINTS.map((point) => ({ ordering: 'key' as const, deadHead: 'skip' as const, point })),
  ...(['replay.armed', 'head.handled', 'head.committed'] as const).map((point) => ({
    ordering: 'key' as const,
    deadHead: 'block' as const,
    point,
  })),
];

let group: ReferenceGroup | undefined;

afterEach(async () => {
  await group?.close();
  group = undefined;
});

/** Events of which one in ten is dead, each of another key; with `block` their followers wait behind them. */
async function deadAmong(made: ReferenceGroup, blocks: boolean): Promise<readonly ReferenceEvent[]> {
  const events = made.events(EVENTS, 40);
  const dying = events.slice(120, 160);
  await made.behave(dying.map(({ name }) => ({ name, kind: 'fatal' })));
  await made.produce(events);
  const member = made.start();
  const ids = dying.map(({ id }) => id).toSorted();
  await eventually(async () => expect(await deadEvents(made)).toEqual(ids), { everyMs: 250 });
  const effects = blocks ? 120 : EVENTS - ids.length;
  await eventually(async () => expect((await made.effects()).length).toBe(effects));
  await made.behaveWell();
  expect(await member.stop()).toBe(0);
  return events;
}

/** Waits until no event is dead any more. */
async function lives(made: ReferenceGroup, seed: number): Promise<void> {
  await eventually(async () => expect({ seed, dead: await deadEvents(made) }).toEqual({ seed, dead: [] }), {
    everyMs: 250,
  });
}

describe('a consumer that is killed while it replays', () => {
  it.each(matrix)(
    'at $point ($ordering $deadHead) leaves each event with one effect once the replay was repeated',
    async ({ ordering, deadHead, point }) => {
      const seed = newSeed();
      const options = deadHead ? { deadHead } : {};
      group = await ReferenceGroup.create(stack, { ordering, options });
      const events = await deadAmong(group, deadHead === 'block');

      const killed = group.start({ killAt: point, killAfter: 1 + Math.floor(random(seed)() * 5) });
      await killed.joins(6);
      // A replay of heads ends before they run; any other one dies with the process.
      await killed.replay({ withinMs: DIES_WITHIN_MS }).catch(() => undefined);
      expect({ seed, end: await killed.ends(DIES_WITHIN_MS) }).toEqual({ seed, end: 'SIGKILL' });

      const successor = group.start();
      await successor.joins(6);
      const report = await successor.replay();
      expect({ seed, end: report.end }).toEqual({ seed, end: 'completed' });
      await settled(group, events);
      // An event that is on its way through the replay topic is dead until it takes effect.
      await lives(group, seed);
      // What replays between later events of its key takes effect after them; a key that waited stays in order.
      const wrong = deadHead === 'block' ? await disorder(group) : {};
      expect({ seed, wrong }).toEqual({ seed, wrong: {} });
      expect(await outcomeOf(group, events)).toEqual(SETTLED);
    },
  );
});
