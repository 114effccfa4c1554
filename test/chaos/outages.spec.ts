import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  deadEvents,
  deadLetters,
  ReferenceGroup,
  TcpProxy,
  type ReferenceMember,
} from '@millrace/testing/faults';
import { eventually } from '@millrace/testing/runtime';
import { GroupOffsets } from './support/group-offsets.js';
import { Load } from './support/load.js';
import { report, settled } from './support/settling.js';

/** The outage itself, not a wait for a condition. */
const AWAY_MS = 60_000;
/** Time that a consumer may take after its dependency is back. */
const RECOVERS_WITHIN_MS = 30_000;
const PER_SECOND = 50;

let group: ReferenceGroup;
let offsets: GroupOffsets;
let proxy: TcpProxy;

afterEach(async () => {
  await offsets.close();
  await group.close();
  await proxy.close();
});

/** Breaks the connection under load for a minute; gives how long the recovery took, in milliseconds. */
async function outage(how: 'cut' | 'pause', whileAway: () => Promise<void>): Promise<number> {
  const load = new Load(group, group.events(60_000, 50), PER_SECOND);
  await eventually(async () => expect((await group.effects()).length).toBeGreaterThan(50), {
    withinMs: 30_000,
  });
  await proxy[how]();
  const back = performance.now() + AWAY_MS;
  await whileAway();
  await pause(back - performance.now());
  const missed = load.produced;
  await proxy.restore();
  const restored = performance.now();
  await eventually(
    async () => {
      const done = new Set((await group.effects()).map(({ event_id }) => event_id));
      expect(missed.filter(({ id }) => !done.has(id)).length).toBe(0);
    },
    { withinMs: RECOVERS_WITHIN_MS },
  );
  const took = performance.now() - restored;
  await settled(group, await load.stop());
  return took;
}

/** Nothing died, nothing was tried in vain. */
async function nothingWasSpent(): Promise<void> {
  expect(
    await group.rows('SELECT event_id, state, attempt, reason, error_class, error_message FROM failed_event'),
  ).toEqual([]);
  expect(await deadLetters(group)).toEqual([]);
}

function addressOf(postgres: string): { host: string; port: number } {
  const { hostname, port } = new URL(postgres);
  return { host: hostname, port: Number(port) };
}

describe.each(['none', 'key'] as const)(
  'with ordering %s, the database away for a minute under load',
  (ordering) => {
    let member: ReferenceMember;

    beforeEach(async () => {
      proxy = await TcpProxy.start(addressOf(stack.postgres));
      group = await ReferenceGroup.create(stack, { ordering });
      offsets = await GroupOffsets.open(stack.kafka, group.settings.group, group.settings.topic);
      member = group.start({ database: proxy.address });
      await member.joins(6);
    });

    it.each(['cut', 'pause'] as const)(
      '(%s) costs no attempt and no membership, and the consumer goes on by itself',
      async (how) => {
        const members = await offsets.members();
        const took = await outage(how, async () => {
          await eventually(() => expect(member.condition()?.held).not.toBeNull(), { withinMs: 50_000 });
          expect(member.condition()).toMatchObject({ joined: true, partitions: 6 });
        });
        report(`ordering ${ordering}, database ${how}: recovered ${Math.round(took)} ms after it was back`);
        await nothingWasSpent();
        expect(await offsets.members()).toEqual(members);
        expect(member.lives).toBe(true);
      },
      240_000,
    );
  },
);

describe.each(['none', 'key'] as const)(
  'with ordering %s, the broker away for a minute under load',
  (ordering) => {
    let member: ReferenceMember;

    beforeEach(async () => {
      const [host = '', port] = stack.kafka.split(':');
      proxy = await TcpProxy.start({ host, port: Number(port) });
      group = await ReferenceGroup.create(stack, { ordering });
      offsets = await GroupOffsets.open(stack.kafka, group.settings.group, group.settings.topic);
      member = group.start({ redirect: { [stack.kafka]: proxy.address } });
      await member.joins(6);
    });

    it.each(['cut', 'pause'] as const)(
      '(%s) costs no attempt, and the same process joins again',
      async (how) => {
        const took = await outage(how, async () => {
          await eventually(() => expect(member.condition()?.joined).toBe(false), { withinMs: 55_000 });
        });
        report(`ordering ${ordering}, broker ${how}: recovered ${Math.round(took)} ms after it was back`);
        await nothingWasSpent();
        expect(member.lives).toBe(true);
        expect(member.condition()).toMatchObject({ joined: true, partitions: 6, held: null });
      },
      240_000,
    );
  },
);

describe.each(['none', 'key'] as const)('with ordering %s, a handler', (ordering) => {
  beforeEach(async () => {
    proxy = await TcpProxy.start(addressOf(stack.postgres));
    const options = ordering === 'key' ? { deadHead: 'skip' as const } : {};
    group = await ReferenceGroup.create(stack, { ordering, options });
    offsets = await GroupOffsets.open(stack.kafka, group.settings.group, group.settings.topic);
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
  }, 180_000);

  // Many keys, of which each fails once, and few keys, behind which the rest of the backlog would be parked.
  it.each([2_000, 40])(
    'that always throws against a backlog of 10,000 over %i keys holds as SYSTEMIC, and goes on when the cause is gone',
    async (keys) => {
      const events = group.events(10_000, keys);
      await group.behave([{ name: '*', kind: 'fail' }]);
      await group.produce(events);
      const member = group.start();
      await eventually(() => expect(member.condition()?.held).toBe('SYSTEMIC'), { withinMs: 60_000 });
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
    300_000,
  );
});
