import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@millrace/testing/runtime';
import { RetryableError } from '../api/errors.js';
import type { DeadHeadPolicy } from '../api/consumer-options.js';
import {
  idsOf,
  trialEvents,
  type ReplayGroup,
  type TrialEvent,
  type TrialPlace,
} from './replay-group.fixture.js';
import { closeTrialPlace, IN_KEY_ORDER, openTrialPlace, ReplayTrial } from './replay-trial.fixture.js';

let place: TrialPlace;
let trial: ReplayTrial | undefined;

beforeAll(async () => {
  place = await openTrialPlace(stack.postgres, stack.kafka);
});

afterAll(async () => {
  await closeTrialPlace(place);
});

afterEach(async () => {
  await trial?.stop();
  trial = undefined;
});

async function begin(deadHead: DeadHeadPolicy): Promise<[ReplayTrial, ReplayGroup]> {
  trial = await ReplayTrial.begin(place, { ...IN_KEY_ORDER, deadHead });
  return [trial, trial.group];
}

async function allDone(group: ReplayGroup, replayId: string, events: readonly TrialEvent[]): Promise<void> {
  await eventually(async () => expect(await group.ledger(replayId, 'done')).toEqual(idsOf(events)));
}

describe('a replay of a group that keeps its keys in order', () => {
  const PARKED = `SELECT k.state, e.event_id, count(*) OVER ()::int AS events
                    FROM parked_key k JOIN parked_event e USING (consumer_group, topic, key_digest)
                   WHERE consumer_group = $1 ORDER BY e.source_offset`;

  /** Events of one key whose second is dead and whose others wait behind it, beside a healthy key. */
  async function blocked(): Promise<[ReplayTrial, ReplayGroup, TrialEvent[], TrialEvent]> {
    const [on, group] = await begin('block');
    const events = trialEvents(4, randomUUID());
    const healthy = trialEvents(3);
    const [, head, ...followers] = events;
    if (!head) throw new Error('four events');
    group.fail([head]);
    await on.produce([...events, ...healthy]);
    await eventually(async () => expect(await waiting(group)).toEqual(inState('dead', [head, ...followers])));
    await eventually(async () => expect(await group.effects()).toHaveLength(4));
    return [on, group, events, head];
  }

  async function waiting(group: ReplayGroup): Promise<string[][]> {
    const rows = await group.rows<{ state: string; event_id: string }>(PARKED);
    return rows.map(({ state, event_id }) => [state, event_id]);
  }

  function inState(state: string, events: readonly TrialEvent[]): string[][] {
    return events.map(({ id }) => [state, id]);
  }

  async function effectsOf(group: ReplayGroup, events: readonly TrialEvent[]): Promise<string[]> {
    const ids = new Set(idsOf(events));
    return (await group.effects()).filter((id) => ids.has(id));
  }

  it('re-arms a dead head in place: it takes effect, and its followers after it in log order', async () => {
    const [on, group, events, head] = await blocked();
    group.mend();
    const report = await group.replay();
    expect(report).toMatchObject({ end: 'completed', selected: 1, sent: 0, rearmed: 1 });
    await allDone(group, report.replayId, [head]);
    const inOrder = events.map(({ id }) => id);
    await eventually(async () => expect(await effectsOf(group, events)).toEqual(inOrder));
    expect(await waiting(group)).toEqual([]);
    expect(await group.rows('SELECT FROM parked_key WHERE consumer_group = $1')).toEqual([]);
    expect(
      await group.rows('SELECT state, error_message FROM failed_event WHERE consumer_group = $1'),
    ).toEqual([{ state: 'resolved', error_message: '' }]);
    const outside = await group.rows<{ event_id: string }>(
      `SELECT event_id, outside_effects, trace_id FROM effect WHERE consumer_group = $1 AND event_id = ANY ($2::uuid[])
        ORDER BY place`,
      inOrder,
    );
    expect(outside).toEqual(
      events.map(({ id, traceId }) => ({ event_id: id, outside_effects: id !== head.id, trace_id: traceId })),
    );
    expect((await on.ends())[group.replays]).toBe(0);
    const later = trialEvents(1, head.key);
    await on.produce(later);
    await eventually(async () => expect(await effectsOf(group, later)).toEqual(idsOf(later)));
  });

  it('lets a re-armed head that fails again be dead again at once, its key blocked until a replay mends it', async () => {
    const [, group, events, head] = await blocked();
    const [, ...wait] = events;
    group.fail([head], () => {
      throw new RetryableError('not yet');
    });
    const { replayId } = await group.replay();
    await eventually(async () => expect(await group.ledger(replayId, 'failed')).toEqual([head.id]));
    await eventually(async () => expect(await waiting(group)).toEqual(inState('dead', wait)));
    expect(await group.dead()).toEqual([head.id]);
    expect(await effectsOf(group, events)).toEqual([events[0]?.id]);
    expect(await group.deaths(head)).toEqual([
      ['FATAL', undefined, undefined],
      ['EXHAUSTED', replayId, '1'],
    ]);
    group.mend();
    const mended = await group.replay({ outsideEffects: true });
    expect(mended).toMatchObject({ rearmed: 1, sent: 0 });
    const inOrder = events.map(({ id }) => id);
    await eventually(async () => expect(await effectsOf(group, events)).toEqual(inOrder));
    expect(
      await group.rows('SELECT event_id FROM effect WHERE consumer_group = $1 AND NOT outside_effects'),
    ).toEqual([]);
  });

  it('runs a dead event whose key went on after the later ones', async () => {
    const [on, group] = await begin('skip');
    const [first, second, ...others] = trialEvents(4, randomUUID());
    if (!first || !second) throw new Error('four events');
    group.fail([second]);
    await on.produce([first, second, ...others]);
    const live = [first, ...others].map(({ id }) => id);
    await eventually(async () => expect(await group.effects()).toEqual(live));
    await eventually(async () => expect(await group.dead()).toEqual([second.id]));
    group.mend();
    const report = await group.replay();
    expect(report).toMatchObject({ sent: 1, rearmed: 0 });
    await allDone(group, report.replayId, [second]);
    expect(await group.effects()).toEqual([...live, second.id]);
  });
});
