import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { disorder, ReferenceGroup, type ReferenceMember } from '@millrace/testing/faults';
import { eventually } from '@millrace/testing/runtime';
import { GroupOffsets } from './support/group-offsets.js';
import { Load } from './support/load.js';
import { newSeed, pick, random } from './support/random.js';
import { settled } from './support/settling.js';

const STORM_MS = 60_000;
const STEP_MS = 2_500;
const MOST_MEMBERS = 4;
const LOOK_MS = 200;

let group: ReferenceGroup | undefined;
let offsets: GroupOffsets | undefined;

afterEach(async () => {
  await offsets?.close();
  await group?.close();
});

describe('a storm of rebalances', () => {
  it('keeps every key in order, every effect single and every committed offset', async () => {
    const seed = newSeed();
    const next = random(seed);
    group = await ReferenceGroup.create(stack, { options: { batchRecords: 20 } });
    offsets = await GroupOffsets.open(stack.kafka, group.settings.group, group.settings.topic);
    const events = group.events(20_000, 50);
    // Some failures, so that keys are parked while their owners change.
    await group.behave(
      events.filter(() => next() < 0.02).map(({ name }) => ({ name, kind: 'fail', times: 1 })),
    );
    const watching = new AbortController();
    const watch = watchOffsets(offsets, watching.signal);
    group.start();
    const load = new Load(group, events, 120);
    const ends = await storm(group, next);
    const produced = await load.stop();

    const last = group.start();
    await settled(group, produced);
    await last.joins();
    const { committed, end } = await atTheEnd(offsets);
    expect(committed).toEqual(end);
    watching.abort();
    await watch;
    expect({ seed, back: offsets.stepsBack }).toEqual({ seed, back: [] });
    expect({ seed, wrong: await disorder(group) }).toEqual({ seed, wrong: {} });
    // Whoever was asked to stop did so cleanly, in the middle of a rebalance or not.
    expect({ seed, unclean: ends.filter((code) => code !== 0) }).toEqual({ seed, unclean: [] });
  });
});

/** Members join, stop, die and freeze past their session, every 2.5 s; gives the ends of those that were asked to stop. */
async function storm(members: ReferenceGroup, next: () => number): Promise<(number | string)[]> {
  const until = performance.now() + STORM_MS;
  const stops: Promise<number | string>[] = [];
  const frozen = new Set<ReferenceMember>();
  const leaving = new Set<ReferenceMember>();
  while (performance.now() < until) {
    const living = members.living().filter((one) => !leaving.has(one));
    const action = living.length < 2 ? 'join' : pick(next, ['join', 'stop', 'kill', 'freeze'] as const);
    const one = living.length > 0 ? pick(next, living) : undefined;
    if (action === 'join' && living.length < MOST_MEMBERS) members.start();
    else if (one && frozen.delete(one)) one.thaw();
    // One that has told nothing of itself is too young to heed a signal.
    else if (action === 'stop' && one?.condition()) {
      leaving.add(one);
      stops.push(one.stop());
    } else if (action === 'kill' && one) await one.kill();
    else if (action === 'freeze' && one) {
      one.freeze();
      frozen.add(one);
    }
    await pause(STEP_MS);
  }
  for (const one of frozen) one.thaw();
  return Promise.all(stops);
}

async function watchOffsets(offsets: GroupOffsets, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // A coordinator that is busy with a rebalance may refuse; the next look comes soon.
    await offsets.committed().catch(() => undefined);
    await pause(LOOK_MS);
  }
}

function atTheEnd(offsets: GroupOffsets): Promise<{ committed: number[]; end: number[] }> {
  return eventually(async () => {
    const [committed, end] = [await offsets.committed(), await offsets.ends()];
    if (committed.join() !== end.join()) throw new Error(`committed ${committed.join()} of ${end.join()}`);
    return { committed, end };
  });
}
