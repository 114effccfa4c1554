import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  deadEvents,
  deadLetters,
  ReferenceGroup,
  TcpProxy,
  type ReferenceEvent,
  type ReferenceMember,
  type ReferenceSettings,
} from '@millrace/testing/faults';
import { eventually } from '@millrace/testing/runtime';
import { GroupOffsets } from './support/group-offsets.js';
import { Load } from './support/load.js';
import { report, settled } from './support/settling.js';

/** The outage itself, not a wait for a condition. */
const AWAY_MS = 60_000;
/** Where a membership is to last: longer than a busy machine stalls, and far shorter than the outage. */
const SESSION_MS = 20_000;
/** Time that a consumer may take after its dependency is back. */
const RECOVERS_WITHIN_MS = 30_000;
const PER_SECOND = 50;

let group: ReferenceGroup;
let offsets: GroupOffsets;
let proxy: TcpProxy | undefined;

afterEach(async () => {
  await offsets.close();
  await group.close();
  await proxy?.close();
  proxy = undefined;
});

async function makeGroup(
  ordering: ReferenceSettings['ordering'],
  options: ReferenceSettings['options'] = {},
): Promise<void> {
  group = await ReferenceGroup.create(stack, { ordering, options });
  offsets = await GroupOffsets.open(stack.kafka, group.settings.group, group.settings.topic);
}

type Outage = 'cut' | 'pause' | 'strand';

/** Breaks the connection under load for a minute; gives how long the recovery took, in milliseconds. */
async function outage(how: Outage, whileAway: () => Promise<void>): Promise<number> {
  const load = new Load(group, group.events(60_000, 50), PER_SECOND);
  try {
    await eventually(async () => expect((await group.effects()).length).toBeGreaterThan(50));
    await proxy?.[how]();
    const back = performance.now() + AWAY_MS;
    await whileAway();
    await pause(Math.max(0, back - performance.now()));
    const missed = load.produced;
    await proxy?.restore();
    const restored = performance.now();
    await eventually(async () => expect(await without(missed)).toBe(0), { withinMs: RECOVERS_WITHIN_MS });
    const took = performance.now() - restored;
    await settled(group, await load.stop());
    return took;
  } finally {
    await load.stop();
  }
}

/** How many events have no effect. */
async function without(events: readonly ReferenceEvent[]): Promise<number> {
  const done = new Set((await group.effects()).map(({ event_id }) => event_id));
  return events.filter(({ id }) => !done.has(id)).length;
}

/** Nothing died, and no attempt was counted that was not a success or a hold. */
async function nothingWasSpent(member: ReferenceMember): Promise<void> {
  expect(
    await group.rows('SELECT event_id, state, attempt, reason, error_class, error_message FROM failed_event'),
  ).toEqual([]);
  expect(await deadLetters(group)).toEqual([]);
  const metrics = (await member.metrics()).split('\n').filter((line) => line.startsWith('millrace_attempts'));
  expect(metrics).toContainEqual(expect.stringContaining('outcome="done"'));
  expect(metrics.filter((line) => /outcome="(retry|delayed|parked|dead)".*\} [1-9]/.test(line))).toEqual([]);
}

function addressOf(postgres: string): { host: string; port: number } {
  const { hostname, port } = new URL(postgres);
  return { host: hostname, port: Number(port) };
}

/** Ways to be away, each with an ordering. */
const ways = [
  { how: 'cut', ordering: 'none' },
  { how: 'cut', ordering: 'key' },
  { how: 'pause', ordering: 'none' },
  { how: 'strand', ordering: 'key' },
] as const;

describe('the database away for a minute under load', () => {
  it.each(ways)(
    '($how) costs no attempt and no membership, and the consumer goes on by itself (ordering $ordering)',
    async ({ how, ordering }) => {
      proxy = await TcpProxy.start(addressOf(stack.postgres));
      await makeGroup(ordering, { sessionTimeoutMs: SESSION_MS });
      const member = group.start({ database: proxy.address });
      await member.joins(6);
      const members = await offsets.members();
      const took = await outage(how, async () => {
        await eventually(() => expect(member.condition()?.held).not.toBeNull(), { withinMs: 50_000 });
        expect(member.condition()).toMatchObject({ joined: true, partitions: 6 });
      });
      report(`database ${how} (${ordering}): recovered ${Math.round(took)} ms after it was back`);
      await nothingWasSpent(member);
      expect(await offsets.members()).toEqual(members);
      expect(member.lives).toBe(true);
    },
  );
});

describe('the broker away for a minute under load', () => {
  it.each(ways)(
    '($how) costs no attempt, and the same process joins again (ordering $ordering)',
    async ({ how, ordering }) => {
      const [host = '', port] = stack.kafka.split(':');
      proxy = await TcpProxy.start({ host, port: Number(port) });
      await makeGroup(ordering);
      const member = group.start({ redirect: { [stack.kafka]: proxy.address } });
      await member.joins(6);
      const took = await outage(how, async () => {
        await eventually(() => expect(member.condition()?.joined).toBe(false), { withinMs: 55_000 });
      });
      report(`broker ${how} (${ordering}): recovered ${Math.round(took)} ms after it was back`);
      await nothingWasSpent(member);
      expect(member.lives).toBe(true);
      // The coordinator may still have to find out that the member of before is gone.
      await eventually(
        () => expect(member.condition()).toMatchObject({ joined: true, partitions: 6, held: null }),
        { withinMs: RECOVERS_WITHIN_MS },
      );
    },
  );
});

describe.each(['none', 'key'] as const)('with ordering %s, a handler', (ordering) => {
  beforeEach(async () => {
    const deadHead = ordering === 'key' ? { deadHead: 'skip' as const } : {};
    await makeGroup(ordering, { ...deadHead, sessionTimeoutMs: SESSION_MS });
  });

  it('that kills its own database connection for one event makes that event dead and holds nobody', async () => {
    const events = group.events(300, 30);
    const killer = events[100];
    await group.behave([{ name: killer?.name ?? '', kind: 'kill' }]);
    await group.produce(events);
    const member = group.start();
    await settled(group, events);
    expect(await deadEvents(group)).toEqual([killer?.id]);
    expect(await deadLetters(group)).toEqual([killer?.id]);
    await eventually(() => expect(member.condition()).toMatchObject({ joined: true, held: null }));
  });

  // Many keys, of which each fails once, and few keys, behind which the rest of the backlog would be parked.
  it.each([2_000, 40])(
    'that always throws against a backlog of 10,000 over %i keys holds as SYSTEMIC, and goes on when the cause is gone',
    async (keys) => {
      const events = group.events(10_000, keys);
      await group.behave([{ name: '*', kind: 'fail' }]);
      await group.produce(events);
      const member = group.start();
      await eventually(() => expect(member.condition()?.held).toBe('SYSTEMIC'));
      // Long enough for a runtime that does not really hold to get through much of the backlog.
      await pause(20_000);
      const [left] = await group.rows<{ count: number }>(
        `SELECT count(*)::int FROM (SELECT event_id FROM failed_event UNION SELECT event_id FROM parked_event) AS left_path`,
      );
      expect(left?.count).toBeGreaterThan(0);
      expect(left?.count).toBeLessThan(500);
      expect(await member.metrics()).toMatch(/^millrace_consumer_held\{.*"SYSTEMIC".*\} 1$/m);
      await group.behaveWell();
      const mended = performance.now();
      await settled(group, events);
      report(
        `ordering ${ordering}, systemic: ${left?.count} left the path; drained ${Math.round(performance.now() - mended)} ms after the cause was gone`,
      );
      expect((await deadEvents(group)).length).toBeLessThan(500);
      await eventually(() => expect(member.condition()).toMatchObject({ joined: true, held: null }));
    },
  );
});
