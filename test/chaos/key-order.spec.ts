import { afterEach, describe, expect, it } from '@jest/globals';
import {
  deadEvents,
  deadLetters,
  disorder,
  ReferenceGroup,
  SETTLED,
  type ReferenceEvent,
} from '@millrace/testing/faults';
import { eventually } from '@millrace/testing/runtime';
import { newSeed, random } from './support/random.js';
import { settled } from './support/settling.js';

const KEYS = 50;
const PER_KEY = 20;
/** Place of the event that always fails, in three keys. */
const FATAL_PLACE = 7;

let group: ReferenceGroup | undefined;

afterEach(async () => {
  await group?.close();
  group = undefined;
});

/** 50 keys of 20 events; a tenth fails one to three times; three keys hold an event that always fails. */
async function produceFailing(
  seed: number,
  to: ReferenceGroup,
): Promise<{
  readonly events: readonly ReferenceEvent[];
  readonly heads: readonly ReferenceEvent[];
  readonly followers: readonly ReferenceEvent[];
}> {
  const next = random(seed);
  const events = to.events(KEYS * PER_KEY, KEYS);
  const keys = [...new Set(events.map(({ key }) => key))].slice(0, 3);
  const heads = events.filter(({ key, seq }) => keys.includes(key) && seq === FATAL_PLACE);
  const followers = events.filter(({ key, seq }) => keys.includes(key) && seq > FATAL_PLACE);
  await to.behave([
    ...events
      .filter((event) => !heads.includes(event) && next() < 0.1)
      .map(({ name }) => ({ name, kind: 'fail' as const, times: 1 + Math.floor(next() * 3) })),
    ...heads.map(({ name }) => ({ name, kind: 'fail' as const })),
  ]);
  await to.produce(events);
  return { events, heads, followers };
}

function idsOf(events: readonly ReferenceEvent[]): string[] {
  return events.map(({ id }) => id).toSorted();
}

async function effects(of: ReferenceGroup): Promise<string[]> {
  return (await of.effects()).map(({ event_id }) => event_id).toSorted();
}

describe('50 keys of which many fail and three hold an event that always fails', () => {
  it('keep their order; with `skip` the followers of the dead go on without them', async () => {
    const seed = newSeed();
    group = await ReferenceGroup.create(stack, { options: { deadHead: 'skip' } });
    const { events, heads } = await produceFailing(seed, group);
    group.start();
    await settled(group, events);
    expect(await deadEvents(group)).toEqual(idsOf(heads));
    expect(await deadLetters(group)).toEqual(idsOf(heads));
    expect({ seed, wrong: await disorder(group) }).toEqual({ seed, wrong: {} });
  });

  it('keep their order; with `drain` the followers of the dead die behind them, in order', async () => {
    const seed = newSeed();
    group = await ReferenceGroup.create(stack, { options: { deadHead: 'drain' } });
    const { events, heads, followers } = await produceFailing(seed, group);
    group.start();
    await settled(group, events);
    expect(await deadEvents(group)).toEqual(idsOf([...heads, ...followers]));
    expect(await deadLetters(group)).toEqual(idsOf([...heads, ...followers]));
    const reasons = await group.rows(
      `SELECT DISTINCT reason FROM failed_event WHERE state = 'dead' ORDER BY 1`,
    );
    expect(reasons).toEqual([{ reason: 'EXHAUSTED' }, { reason: 'FOLLOWER' }]);
    expect({ seed, wrong: await disorder(group) }).toEqual({ seed, wrong: {} });
  });

  it('keep their order; with `block` the followers wait for an operator and then follow', async () => {
    const seed = newSeed();
    const made = (group = await ReferenceGroup.create(stack, { options: { deadHead: 'block' } }));
    const { events, heads, followers } = await produceFailing(seed, made);
    made.start();
    const waiting = idsOf([...heads, ...followers]);
    const free = idsOf(events).filter((id) => !waiting.includes(id));
    await eventually(async () => expect(await effects(made)).toEqual(free), { everyMs: 250 });
    await eventually(async () => expect(await deadEvents(made)).toEqual(idsOf(heads)));
    const parked = await made.rows<{ event_id: string }>('SELECT event_id FROM parked_event');
    expect(parked.map(({ event_id }) => event_id).toSorted()).toEqual(waiting);
    expect(await deadLetters(made)).toEqual(idsOf(heads));

    for (const { key } of heads) {
      const ended = await made.store.endBlock(made.settings.group, Buffer.from(key), 'release', Date.now());
      expect(ended).toMatchObject([{ topic: made.settings.topic, waiting: PER_KEY - FATAL_PLACE - 1 }]);
    }
    await settled(made, events, SETTLED);
    expect(await deadEvents(made)).toEqual(idsOf(heads));
    expect({ seed, wrong: await disorder(made) }).toEqual({ seed, wrong: {} });
  });
});
