import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DOMAIN_RETENTION_MS } from '@millrace/contracts';
import { createKafkaOffsets } from '@millrace/messaging';
import { eventually } from '@millrace/testing/runtime';
import { watchTimes } from '../../apps/keeper/src/run/watchers.js';
import { systemClock } from '../../apps/keeper/src/timing/clock.js';
import { GroupWatch } from '../../apps/keeper/src/watch/group-watch.js';
import { allReady, ready } from '../support/fleet.js';
import { MoodyGroup } from '../support/moody-group.js';
import { placeOrders } from '../support/orders.js';
import { RunningKeeper } from '../support/running-keeper.js';

const DEFAULT_LOOK_MS = 5_000;
/** The promise is 30 s with the defaults. Counted are looks, which begin every 5 s: a slow machine delays those. */
const TOLD_WITHIN_LOOKS = 30_000 / DEFAULT_LOOK_MS;
const LOOKS = { everyMs: 200 };
const TOPIC = 'order.created';

describe('the watch over consumer groups', () => {
  const word = randomUUID().slice(0, 8);
  const groups = new Map<string, MoodyGroup>();
  const lines: string[] = [];
  let keeper: RunningKeeper;
  let watch: GroupWatch;
  let load: Promise<unknown>;
  let loadEnds = false;
  /** Lines that the watch had written before anything befell the groups. */
  let saidBefore = 0;

  beforeAll(async () => {
    await ready();
    keeper = await RunningKeeper.start();
    load = placeOrders({
      url: () => stack.services['order'] ?? '',
      until: () => loadEnds,
      connections: 4,
      rate: 20,
    });
    for (const name of ['steady', 'stuck', 'slow', 'stopped', 'rewound'])
      groups.set(name, await MoodyGroup.join(stack.kafka, `${name}-${word}`, TOPIC));
    const tell = (fields: object, message: string) => lines.push(`${message} ${JSON.stringify(fields)}`);
    watch = new GroupWatch({
      connect: () => createKafkaOffsets({ brokers: [stack.kafka], clientId: 'watch-test' }),
      watched: [...groups.values()].map(({ group }) => ({
        ...{ group, topic: TOPIC, retentionMs: DOMAIN_RETENTION_MS, delayMs: 0 },
      })),
      times: watchTimes(DEFAULT_LOOK_MS),
      clock: systemClock,
      log: { info: tell, warn: tell },
    });
    watch.start();
  });

  afterAll(async () => {
    loadEnds = true;
    await load;
    await watch?.stop();
    await Promise.all([...groups.values()].map((group) => group.end()));
    await keeper?.stop();
  });

  const group = (name: string): MoodyGroup => {
    const found = groups.get(name);
    if (!found) throw new Error(`no group ${name}`);
    return found;
  };
  function putInMood(mood: 'stuck' | 'slow'): void {
    group(mood).mood = mood;
  }
  const statusesOf = (name: string) =>
    watch
      .view()
      .standings.filter((standing) => standing.group === group(name).group)
      .map(({ status }) => status);

  /** What befalls the groups, and what is to be said of them. */
  const faults = {
    stuck: { status: 'stall', befall: async () => putInMood('stuck') },
    slow: { status: 'warn', befall: async () => putInMood('slow') },
    stopped: { status: 'stop', befall: () => group('stopped').leave() },
    rewound: {
      status: 'rewind',
      befall: async () => {
        await group('rewound').leave();
        await group('rewound').rewind();
      },
    },
  } as const;

  it('finds groups that keep up well, and counts their members', async () => {
    await eventually(
      () => {
        const { standings, members, ageSeconds } = watch.view();
        expect(standings).toHaveLength(6 * groups.size);
        expect(standings.every(({ headAgeSeconds }) => headAgeSeconds < 5)).toBe(true);
        expect([...members.values()]).toEqual([1, 1, 1, 1, 1]);
        expect(ageSeconds).toBeLessThan(2 * (DEFAULT_LOOK_MS / 1_000));
      },
      { everyMs: 500 },
    );
  });

  it('tells within 30 s, with the defaults, which of them is stuck, slow, stopped and rewound', async () => {
    saidBefore = lines.length;
    await Promise.all(
      Object.entries(faults).map(async ([name, { status, befall }]) => {
        await befall();
        const began = Date.now();
        const looks = new Set([watch.sight()?.at]);
        await eventually(() => {
          looks.add(watch.sight()?.at);
          const told = { name, statuses: statusesOf(name) };
          expect(told).toEqual({ name, statuses: expect.arrayContaining([status]) });
        }, LOOKS);
        const taken = looks.size - 1;
        process.stderr.write(`  ${name} told after ${taken} looks, ${(Date.now() - began) / 1_000} s\n`);
        expect(taken).toBeLessThanOrEqual(TOLD_WITHIN_LOOKS);
      }),
    );
  });

  it('has not blamed the group that kept up all the time', () => {
    const said = lines.slice(saidBefore);
    expect(said.length).toBeGreaterThanOrEqual(Object.keys(faults).length);
    expect(said.filter((line) => line.includes(group('steady').group))).toEqual([]);
  });

  it('shows in the metrics of the keeper that a service has stopped, and that it is back', async () => {
    const stopped = { group: 'analytics', topic: TOPIC, status: 'stop' };
    const stops = async (): Promise<number[]> =>
      (await keeper.metric('millrace_consumer_status', stopped)).map(({ value }) => value);
    await eventually(async () => expect(await stops()).toEqual([0, 0, 0, 0, 0, 0]), LOOKS);
    await stack.stop('analytics');
    try {
      await eventually(async () => expect(await stops()).toContain(1), LOOKS);
      expect(await keeper.value('millrace_consumer_group_members', { group: 'analytics' })).toBe(0);
      await eventually(() => keeper.isReady(), LOOKS);
    } finally {
      await stack.start('analytics');
    }
    await allReady();
    await eventually(async () => expect(await stops()).toEqual([0, 0, 0, 0, 0, 0]), LOOKS);
    await eventually(async () => {
      const age = await keeper.value('millrace_watch_age_seconds');
      expect(age).toBeLessThan(2 * (DEFAULT_LOOK_MS / 1_000));
    }, LOOKS);
  });

  it('leaves no partition of the fleet unwatched and has lost no record', async () => {
    const lags = await keeper.metric('millrace_consumer_lag');
    expect(new Set(lags.map(({ labels }) => labels['group']))).toEqual(
      new Set([
        ...['order', 'analytics', 'notification', 'fraud', 'inventory', 'feature-store'],
        ...['order', 'analytics', 'notification', 'fraud', 'inventory', 'feature-store'].map(
          (one) => `${one}.retry`,
        ),
      ]),
    );
    const lost = await keeper.metric('millrace_consumer_lost_offsets');
    expect(lost).toHaveLength(lags.length);
    expect(lost.every(({ value }) => value === 0)).toBe(true);
  });
});
