import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { VirtualClock } from '../timing/virtual-clock.fixture.js';
import { isoDate, type UtcDay } from './day-bounds.js';
import type { RetireReport } from './retire-partitions.js';
import { PARTITION_LOOK_MS, PartitionKeeper } from './partition-keeper.js';

const quiet = { info: () => undefined, warn: () => undefined };

describe('the partition keeper', () => {
  let clock: VirtualClock;
  let keeper: PartitionKeeper;
  let asked: (readonly UtcDay[])[];
  let failure: Error | undefined;
  let retired: RetireReport;

  beforeEach(() => {
    clock = new VirtualClock(Date.parse('2026-11-21T22:30:00Z'));
    asked = [];
    failure = undefined;
    retired = { dropped: [], overdue: [] };
    keeper = new PartitionKeeper({
      clock,
      log: quiet,
      ensure: async (days) => {
        asked.push(days);
        if (failure) throw failure;
        return [];
      },
      retire: async () => retired,
    });
  });

  afterEach(() => keeper.stop());

  it('asks at once for yesterday to seven days ahead and is ready', async () => {
    expect(keeper.status()).toMatchObject({ ready: false });
    keeper.start();
    await clock.asleep();
    const dates = asked[0]?.map(isoDate) ?? [];
    expect([dates.length, dates[0], dates[1], dates.at(-1)]).toEqual([
      9,
      '2026-11-20',
      '2026-11-21',
      '2026-11-28',
    ]);
    expect(keeper.status()).toEqual({ ready: true, overdue: [] });
  });

  it('asks again every hour, by the day that it then is', async () => {
    keeper.start();
    expect(await clock.asleep()).toBe(PARTITION_LOOK_MS);
    await clock.wake();
    await clock.wake();
    expect(asked.map((days) => isoDate(days.at(-1) ?? 0))).toEqual([
      '2026-11-28',
      '2026-11-28',
      '2026-11-29',
    ]);
  });

  it('tries again after 1 s, 2 s and 4 s when it fails, and tells why', async () => {
    failure = new Error('canceling statement due to lock timeout');
    keeper.start();
    expect([await clock.asleep(), await clock.wake(), await clock.wake()]).toEqual([1_000, 2_000, 4_000]);
    expect(keeper.status()).toMatchObject({
      ready: false,
      problem: 'canceling statement due to lock timeout',
    });
    failure = undefined;
    expect(await clock.wake()).toBe(PARTITION_LOOK_MS);
    expect(keeper.status()).toEqual({ ready: true, overdue: [] });
  });

  it('stays ready through a failure while tomorrow has its partitions, and not beyond', async () => {
    keeper.start();
    await clock.asleep();
    failure = new Error('connection refused');
    await clock.wake();
    expect(keeper.status()).toMatchObject({ ready: true, problem: 'connection refused' });
    while (clock.now() < Date.parse('2026-11-28T00:00:00Z')) await clock.wake();
    expect(keeper.status().ready).toBe(false);
  });

  it('tells what is kept beyond its time, and stays ready and unhurried', async () => {
    const kept = { schema: 'order', table: 'outbox', name: 'outbox_p20261101', day: 20_758 } as const;
    retired = { dropped: [], overdue: [{ ...kept, reason: 'the slot is not well', overdue: true }] };
    keeper.start();
    expect(await clock.asleep()).toBe(PARTITION_LOOK_MS);
    expect(keeper.status()).toMatchObject({
      ready: true,
      problem: '1 partitions are overdue, order.outbox_p20261101 first: the slot is not well',
    });
    retired = { dropped: [], overdue: [] };
    await clock.wake();
    expect(keeper.status()).toEqual({ ready: true, overdue: [] });
  });
});
