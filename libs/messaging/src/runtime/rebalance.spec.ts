import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConsumerBench, gate } from './consumer-bench.fixture.js';
import type { ConsumerRuntime } from './consumer-runtime.js';
import { TOPIC } from './runner.fixture.js';

const P0 = { topic: TOPIC, partition: 0 };
const P1 = { topic: TOPIC, partition: 1 };

describe('a rebalance', () => {
  let bench: ConsumerBench;
  let first: ConsumerRuntime;
  const others: ConsumerRuntime[] = [];

  beforeEach(async () => {
    bench = new ConsumerBench();
    first = bench.start();
    await bench.clock.settle();
  });

  afterEach(async () => {
    for (const runtime of [first, ...others.splice(0)]) await bench.stop(runtime);
  });

  it('drops refetched records of a partition that is kept', async () => {
    const slow = gate();
    bench.behave = (name) => (name === 'p0-0' ? slow.passed : undefined);
    bench.produce(0, 5);
    await bench.clock.settle();
    bench.client.assign([P0, P1], true);
    await bench.clock.settle();
    slow.open();
    await bench.clock.advance(1_000);
    expect(bench.seen).toEqual(['p0-0', 'p0-1', 'p0-2', 'p0-3', 'p0-4']);
    expect(bench.position(0)).toBe(5);
  });

  it('keeps the pause of a kept partition and lifts the pause of one that was lost and came back', async () => {
    const slow = gate();
    bench.behave = (name) => (name.startsWith('p') ? slow.passed : undefined);
    await bench.stop(first);
    first = bench.start({ queueRecords: 10, batchRecords: 5 });
    await bench.clock.settle();
    bench.produce(0, 60);
    bench.produce(1, 60);
    await bench.clock.settle();
    expect(bench.client.paused()).toEqual([P0, P1]);
    bench.client.assign([P0], true);
    bench.client.pause(P1);
    bench.client.assign([P0, P1], true);
    expect(bench.client.paused()).toEqual([P0]);
    slow.open();
    await bench.clock.advance(2_000);
    expect(bench.position(0)).toBe(60);
    expect(bench.position(1)).toBe(60);
    expect(new Set(bench.store.effects).size).toBe(120);
  });

  it('commits what is terminal before the join and begins nothing until it knows what it owns', async () => {
    const slow = gate();
    bench.behave = (name) => (name === 'p0-3' ? slow.passed : undefined);
    bench.produce(0, 3);
    await bench.clock.settle();
    bench.produce(0, 3, 'next-');
    bench.client.announceRebalance();
    await bench.clock.settle();
    expect(bench.position(0)).toBe(3);
    expect(bench.store.effects).toEqual(['p0-0', 'p0-1', 'p0-2']);
    expect(first.condition().joined).toBe(false);
    bench.client.assign([P0, P1], true);
    await bench.clock.advance(1_000);
    expect(bench.store.effects).toHaveLength(6);
    expect(bench.position(0)).toBe(6);
  });

  it('commits what ends while it lasts at once', async () => {
    const slow = gate();
    bench.behave = () => slow.passed;
    bench.produce(0, 1);
    await bench.clock.settle();
    bench.client.announceRebalance();
    slow.open();
    await bench.clock.settle();
    expect(bench.position(0)).toBe(1);
  });

  it('lets an open transaction of a lost partition finish and never commits its offset', async () => {
    const slow = gate();
    bench.behave = () => slow.passed;
    bench.produce(0, 2);
    await bench.clock.settle();
    bench.client.assign([P1], true);
    expect(first.condition().partitions).toBe(1);
    slow.open();
    await bench.clock.advance(5_000);
    expect(bench.store.effects).toEqual(['p0-0', 'p0-1']);
    expect(bench.position(0)).toBeUndefined();
  });

  it('drops the queue of a lost partition', async () => {
    const slow = gate();
    bench.behave = () => slow.passed;
    await bench.stop(first);
    first = bench.start({ batchRecords: 1 });
    await bench.clock.settle();
    bench.produce(0, 5);
    await bench.clock.settle();
    bench.client.assign([P1], true);
    slow.open();
    await bench.clock.advance(1_000);
    expect(bench.store.effects).toEqual(['p0-0']);
  });

  it('trusts nothing of before when a generation was missed', async () => {
    const slow = gate();
    bench.behave = (name) => (name === 'p0-0' ? slow.passed : undefined);
    await bench.stop(first);
    first = bench.start({ batchRecords: 1 });
    await bench.clock.settle();
    bench.produce(0, 4);
    await bench.clock.settle();
    bench.broker.keepPositions('fraud', [{ ...P0, offset: 3n }]);
    bench.client.assign([P0, P1], false);
    slow.open();
    await bench.clock.advance(1_000);
    expect(bench.store.effects.toSorted()).toEqual(['p0-0', 'p0-3']);
    expect(bench.broker.commits.map(({ offset }) => Number(offset))).toEqual([3, 4]);
  });

  it('moves partitions to a second member and back, and every effect happens once', async () => {
    bench.produce(0, 150);
    bench.produce(1, 150);
    others.push(bench.start());
    await bench.clock.advance(500);
    bench.produce(0, 150, 'more0-');
    bench.produce(1, 150, 'more1-');
    await bench.clock.settle();
    for (const runtime of others.splice(0)) await bench.stop(runtime);
    await bench.clock.advance(2_000);
    expect(bench.store.effects).toHaveLength(600);
    expect(new Set(bench.store.effects).size).toBe(600);
    expect([bench.position(0), bench.position(1)]).toEqual([300, 300]);
    expect(first.condition().partitions).toBe(2);
  });

  it('replaces the client when records come of a partition that it does not own', async () => {
    bench.produce(0, 3);
    await bench.clock.settle();
    const { client } = bench;
    client.deliver({ topic: TOPIC, partition: 9, records: [], lastOffset: 4n });
    expect(first.condition().joined).toBe(false);
    await bench.clock.advance(1_000);
    expect(bench.client).not.toBe(client);
    expect(first.condition().joined).toBe(true);
  });
});
