import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@millrace/testing/runtime';
import { FatalError, RetryableError } from '../api/errors.js';
import type { ReplayFilter } from '../replay/replay-request.js';
import {
  idsOf,
  trialEvents,
  type ReplayGroup,
  type TrialEvent,
  type TrialPlace,
} from './replay-group.fixture.js';
import { closeTrialPlace, openTrialPlace, ReplayTrial, WITHOUT_ORDER } from './replay-trial.fixture.js';

const AT_ONCE = { canary: false, ratePerSecond: 10_000 } as const;

class PriceMissingError extends FatalError {
  override readonly name = 'PriceMissingError';
}

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

async function begin(): Promise<[ReplayTrial, ReplayGroup]> {
  trial = await ReplayTrial.begin(place, WITHOUT_ORDER);
  return [trial, trial.group];
}

async function die(on: ReplayTrial, group: ReplayGroup, events: readonly TrialEvent[]): Promise<void> {
  group.fail(events);
  await on.produce(events);
  await eventually(async () => expect(await group.dead()).toEqual(idsOf(events)));
}

async function sorted(effects: Promise<string[]>): Promise<string[]> {
  return (await effects).toSorted();
}

async function allDone(group: ReplayGroup, replayId: string, events: readonly TrialEvent[]): Promise<void> {
  await eventually(async () => expect(await group.ledger(replayId, 'done')).toEqual(idsOf(events)));
}

describe('a replay on real parts', () => {
  it('keeps the trace of the original, and outside effects happen only when they are asked for', async () => {
    const [on, group] = await begin();
    const events = trialEvents(6);
    await die(on, group, events);
    const good = trialEvents(1);
    group.mend();
    await on.produce(good);
    await eventually(async () => expect(await group.effects()).toEqual(idsOf(good)));
    const [asked, silent] = [events.slice(0, 3), events.slice(3)];
    const loud = await group.replay({ filter: { eventIds: idsOf(asked) }, outsideEffects: true });
    await allDone(group, loud.replayId, asked);
    const quiet = await group.replay();
    await allDone(group, quiet.replayId, silent);
    const rows = await group.rows<{ event_id: string }>(
      'SELECT event_id, outside_effects, trace_id FROM effect WHERE consumer_group = $1',
    );
    const expected = [...good, ...events].map((event) => ({
      event_id: event.id,
      outside_effects: !silent.includes(event),
      trace_id: event.traceId,
    }));
    expect(new Set(rows)).toEqual(new Set(expected));
    expect(rows).toHaveLength(7);
  });

  it('skips the copies of a replay that come twice', async () => {
    const [on, group] = await begin();
    const events = trialEvents(10);
    await die(on, group, events);
    group.mend();
    const { replayId } = await group.replay(AT_ONCE);
    await allDone(group, replayId, events);
    const before = await on.tables();
    await on.repeat(group.replays);
    const end = (await on.ends())[group.replays];
    expect(end).toBeGreaterThanOrEqual(20);
    await eventually(async () => expect(await group.replaysCommitted()).toBe(end));
    expect(await on.changesSince(before)).toEqual([]);
  });

  it('gives every event one effect and every ledger row a result when two replays run at once', async () => {
    const [on, group] = await begin();
    const events = trialEvents(60);
    await die(on, group, events);
    group.mend();
    const reports = await Promise.all([group.replay(AT_ONCE), group.replay(AT_ONCE)]);
    const given = reports.map(({ sent, skipped }) => sent + skipped);
    expect(given).toEqual([60, 60]);
    await eventually(async () => expect(await sorted(group.effects())).toEqual(idsOf(events)));
    const end = (await on.ends())[group.replays];
    await eventually(async () => expect(await group.replaysCommitted()).toBe(end));
    expect(await sorted(group.effects())).toEqual(idsOf(events));
    for (const { replayId } of reports) expect(await group.ledger(replayId, 'sent')).toEqual([]);
  });

  it('stops by itself after the first ones when the cause is not mended, and leaves the others untouched', async () => {
    const [on, group] = await begin();
    const events = trialEvents(60);
    await die(on, group, events);
    const row = `SELECT xmin::text, event_id, f::text FROM failed_event AS f WHERE consumer_group = $1
                  ORDER BY event_id`;
    const before = await group.rows<{ event_id: string }>(row);
    const report = await group.replay({ ratePerSecond: 10_000, canary: { first: 10, withinMs: 20_000 } });
    expect(report).toMatchObject({ end: 'stopped', selected: 60, sent: 10, done: 0 });
    expect(report.failed).toBeGreaterThanOrEqual(2);
    await eventually(async () => expect(await group.ledger(report.replayId, 'failed')).toHaveLength(10));
    const tried = await group.ledger(report.replayId, 'failed');
    expect(await group.dead()).toEqual(idsOf(events));
    expect(await group.effects()).toEqual([]);
    const untouched = before.filter(({ event_id }) => !tried.includes(event_id));
    expect(
      (await group.rows<{ event_id: string }>(row)).filter(({ event_id }) => !tried.includes(event_id)),
    ).toEqual(untouched);
    expect(untouched).toHaveLength(50);
    const state = 'SELECT state, count(*)::int AS replays FROM replay WHERE consumer_group = $1 GROUP BY 1';
    expect(await group.rows(state)).toEqual([{ state: 'stopped', replays: 1 }]);
    expect(await group.replayed()).toEqual(tried);
  });

  it('says in each further dead letter which replay it belongs to and how often the event was replayed', async () => {
    const [on, group] = await begin();
    const [event] = trialEvents(1);
    if (!event) throw new Error('one event');
    await die(on, group, [event]);
    const replays: string[] = [];
    for (const count of [1, 2]) {
      const { replayId } = await group.replay();
      replays.push(replayId);
      await eventually(async () => expect(await group.ledger(replayId, 'failed')).toEqual([event.id]));
      expect(await group.deaths(event)).toHaveLength(1 + count);
    }
    expect(await group.deaths(event)).toEqual([
      ['FATAL', undefined, undefined],
      ['FATAL', replays[0], '1'],
      ['FATAL', replays[1], '2'],
    ]);
    group.mend();
    const { replayId } = await group.replay();
    await allDone(group, replayId, [event]);
    expect(await group.effects()).toEqual([event.id]);
  });

  it('tries everything out in a transaction in a dry run, writes nothing and tells what would fail', async () => {
    const [on, group] = await begin();
    const poison = trialEvents(1);
    const events = trialEvents(15);
    await on.produce(poison, Buffer.from('{'));
    await eventually(async () => expect(await group.dead()).toEqual(idsOf(poison)));
    group.fail(events);
    await on.produce(events);
    await eventually(async () => expect(await group.dead()).toEqual(idsOf([...poison, ...events])));
    const broken = events.slice(0, 5);
    group.fail(broken);
    const seen: unknown[] = [];
    const count = 'SELECT count(*)::int AS n FROM effect WHERE consumer_group = $1';
    group.handled = async (batch, { tx, outsideEffects, group: name }) => {
      const [inside] = await tx.query<{ n: number }>(count, [name]);
      const [outside] = await group.rows<{ n: number }>(count);
      const [timeout] = await tx.query('SHOW lock_timeout');
      seen.push({
        n: batch.events.length,
        inside: inside?.n,
        outside: outside?.n,
        outsideEffects,
        ...timeout,
      });
    };
    const [before, ends] = [await on.tables(), await on.ends()];
    const report = await group.replay({ dryRun: true, ratePerSecond: 10_000 });
    expect(await on.changesSince(before)).toEqual([]);
    expect(await on.ends()).toEqual(ends);
    expect(report).toMatchObject({
      dryRun: true,
      end: 'completed',
      selected: 16,
      sent: 0,
      wouldSucceed: 10,
      wouldFail: { FATAL: 5, DECODE: 1 },
    });
    const example = report.examples.find(({ eventId }) => eventId === broken[0]?.id);
    expect(example).toMatchObject({ errorClass: 'FatalError', errorMessage: 'the price list is gone' });
    expect(report.examples.map(({ eventId }) => eventId).toSorted()).toEqual(idsOf([...poison, ...broken]));
    const rolledBack = { n: 1, inside: 1, outside: 0, outsideEffects: false, lock_timeout: '1s' };
    expect(seen).toEqual(Array.from({ length: 10 }, () => rolledBack));
  });

  it('selects by reason, error class, key, event id and time of the first failure', async () => {
    const [on, group] = await begin();
    const [fatal, keyed, poison, priceless, exhausted] = trialEvents(5);
    if (!fatal || !keyed || !poison || !priceless || !exhausted) throw new Error('five events');
    group.fails = ({ id }) => {
      if (id === exhausted.id) throw new RetryableError('not yet');
      throw id === priceless.id ? new PriceMissingError('no price') : new FatalError('never');
    };
    await on.produce([poison], Buffer.from('{'));
    await on.produce([fatal, keyed]);
    await eventually(async () => expect(await group.dead()).toEqual(idsOf([fatal, keyed, poison])));
    const between = Date.now();
    await on.produce([priceless, exhausted]);
    await eventually(async () => expect(await group.dead()).toHaveLength(5));
    const selections: [ReplayFilter, TrialEvent[]][] = [
      [{}, [fatal, keyed, poison, priceless, exhausted]],
      [{ reasons: ['DECODE'] }, [poison]],
      [{ reasons: ['EXHAUSTED', 'DECODE'] }, [poison, exhausted]],
      [{ errorClasses: ['PriceMissingError'] }, [priceless]],
      [{ keys: [keyed.key] }, [keyed]],
      [{ eventIds: [fatal.id, priceless.id, randomUUID()] }, [fatal, priceless]],
      [{ from: between }, [priceless, exhausted]],
      [{ until: between }, [fatal, keyed, poison]],
      [{ from: between, reasons: ['FATAL'] }, [priceless]],
    ];
    // Everything would fail, so the examples name what was selected.
    const reports = await Promise.all(selections.map(([filter]) => group.replay({ filter, dryRun: true })));
    expect(reports.map(({ examples }) => examples.map(({ eventId }) => eventId).toSorted())).toEqual(
      selections.map(([, events]) => idsOf(events)),
    );
    group.mend();
    const { replayId, sent } = await group.replay({ filter: { keys: [keyed.key] } });
    await allDone(group, replayId, [keyed]);
    expect(sent).toBe(1);
    expect(await group.effects()).toEqual([keyed.id]);
    expect(await group.dead()).toEqual(idsOf([fatal, poison, priceless, exhausted]));
  });

  it('sends no more events per second than it may', async () => {
    const [on, group] = await begin();
    const events = trialEvents(40);
    await die(on, group, events);
    group.mend();
    const { sent } = await group.replay({ ratePerSecond: 20, canary: false });
    expect(sent).toBe(40);
    const times = (await group.records(group.replays))
      .map(({ timestamp }) => timestamp)
      .toSorted((a, b) => a - b);
    const withinSecond = times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length);
    // A late timer is made up for within a tenth of a second: two events more.
    expect(Math.max(...withinSecond)).toBeLessThanOrEqual(23);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(1_800);
  });

  it('reaches one group and no other on the same topic', async () => {
    const on = await ReplayTrial.begin(place, WITHOUT_ORDER, 2);
    trial = on;
    const [group, other] = on.groups;
    if (!group || !other) throw new Error('two groups');
    const events = trialEvents(20);
    other.fail(events);
    await die(on, group, events);
    await eventually(async () => expect(await other.dead()).toEqual(idsOf(events)));
    group.mend();
    other.mend();
    const row = `SELECT xmin::text, f::text FROM failed_event AS f WHERE consumer_group = $1 ORDER BY event_id`;
    const [before, ends] = [await other.rows(row), await on.ends()];
    const { replayId } = await group.replay(AT_ONCE);
    await allDone(group, replayId, events);
    expect(await sorted(group.effects())).toEqual(idsOf(events));
    expect(await other.rows(row)).toEqual(before);
    expect(await other.effects()).toEqual([]);
    expect(await group.replayed()).toEqual(idsOf(events));
    expect({ ...(await on.ends()), [group.replays]: 0 }).toEqual(ends);
  });
});
