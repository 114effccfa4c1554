import { deadLetterTopic, replayTopic } from '@millrace/contracts';
import { afterEach, describe, expect, it } from '@jest/globals';
import { deadEvents, ReferenceGroup, type ReferenceEvent } from '@millrace/testing/faults';
import { eventually } from '@millrace/testing/runtime';
import { settled } from './support/settling.js';

const DEAD = 1_000;
const WHY = { by: 'a test', why: 'the cause is said to be mended', ratePerSecond: 1_000 };

let group: ReferenceGroup | undefined;

afterEach(async () => {
  await group?.close();
  group = undefined;
});

/** A group with 1,000 dead events among 2,000. */
async function withDeadEvents(): Promise<{ made: ReferenceGroup; events: readonly ReferenceEvent[] }> {
  // Half of all fail, by their own fault and scattered: that is no systemic failure here.
  const made = (group = await ReferenceGroup.create(stack, {
    ordering: 'none',
    options: { systemicRatio: 1 },
  }));
  const events = made.events(2 * DEAD, 100);
  const shuffled = events.toSorted((a, b) => (a.id.slice(-12) < b.id.slice(-12) ? -1 : 1));
  await made.behave(shuffled.slice(0, DEAD).map(({ name }) => ({ name, kind: 'fatal' })));
  await made.produce(events);
  made.start();
  await settled(made, events);
  expect((await deadEvents(made)).length).toBe(DEAD);
  await Promise.all(made.living().map((member) => member.stop()));
  return { made, events };
}

/** Everything that the group remembers and everything that lies on its topics, as one comparable text. */
async function everything(of: ReferenceGroup): Promise<string> {
  const { group: name, topic } = of.settings;
  const tables = ['effect', 'inbox', 'failed_event', 'parked_event', 'parked_key', 'replay', 'replay_event'];
  const sums = await Promise.all(
    tables.map((table) =>
      of.rows(
        `SELECT '${table}' AS t, count(*)::int AS n, md5(string_agg(r::text, '|' ORDER BY r::text)) AS sum FROM ${table} r`,
      ),
    ),
  );
  const letters = await of.records(deadLetterTopic(name, topic));
  const replayed = await of.records(replayTopic(name, topic));
  return JSON.stringify([sums, letters.length, replayed.length]);
}

describe('1,000 dead letters', () => {
  it('that are replayed take effect once; replayed again they change nothing but the ledger', async () => {
    const { made, events } = await withDeadEvents();
    await made.behaveWell();
    const member = made.start({ replay: WHY });
    await member.joins(6);
    expect(await member.replay({ withinMs: 120_000 })).toMatchObject({ end: 'completed', sent: DEAD });
    await settled(made, events);
    expect(await deadEvents(made)).toEqual([]);
    await member.stop();

    const effects = await made.effects();
    const again = made.start({ replay: WHY });
    await again.joins(6);
    expect(await again.replay({ withinMs: 120_000 })).toMatchObject({
      end: 'completed',
      sent: 0,
      skipped: DEAD,
    });
    expect(await made.effects()).toEqual(effects);
    expect((await made.records(replayTopic(made.settings.group, made.settings.topic))).length).toBe(DEAD);
  }, 300_000);

  it('whose cause is not mended stop the replay at its canary', async () => {
    const { made } = await withDeadEvents();
    const member = made.start({ replay: { ...WHY, canary: { first: 20 } } });
    await member.joins(6);
    expect(await member.replay({ withinMs: 120_000 })).toMatchObject({
      end: 'stopped',
      sent: 20,
      failed: 20,
      done: 0,
    });
    expect((await deadEvents(made)).length).toBe(DEAD);
  }, 300_000);

  it('that are tried out in a dry run leave no trace', async () => {
    const { made } = await withDeadEvents();
    await made.rows(
      `UPDATE behaviour SET kind = 'slow', slow_ms = 0 WHERE name IN (SELECT name FROM behaviour LIMIT 400)`,
    );
    const before = await everything(made);
    const member = made.start({ replay: { ...WHY, dryRun: true } });
    await member.joins(6);
    const report = await member.replay({ withinMs: 120_000 });
    expect(report).toMatchObject({ dryRun: true, sent: 0, selected: DEAD, wouldSucceed: 400 });
    await eventually(async () => expect(await everything(made)).toBe(before));
    expect(Object.values(report.wouldFail ?? {})).toEqual([600]);
  }, 300_000);
});
