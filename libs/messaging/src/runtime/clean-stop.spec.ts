import { beforeEach, describe, expect, it } from '@jest/globals';
import { FatalError } from '../api/errors.js';
import { ConsumerBench, gate } from './consumer-bench.fixture.js';
import type { ConsumerRuntime } from './consumer-runtime.js';
import { TOPIC } from './runner.fixture.js';

describe('a clean stop', () => {
  let bench: ConsumerBench;
  let runtime: ConsumerRuntime;

  beforeEach(async () => {
    bench = new ConsumerBench();
    runtime = bench.start({ batchRecords: 10 });
    await bench.clock.settle();
  });

  /** Runs the same log with another member and tells what it saw. */
  async function redelivered(): Promise<string[]> {
    const before = bench.seen.length;
    const next = bench.start();
    await bench.clock.advance(2_000);
    await bench.stop(next);
    return bench.seen.slice(before);
  }

  it('finishes and commits what is in flight and redelivers none of it', async () => {
    const slow = gate();
    bench.behave = () => slow.passed;
    bench.produce(0, 25);
    await bench.clock.settle();
    const stopping = runtime.stop();
    await bench.clock.settle();
    slow.open();
    await bench.clock.runUntil(stopping);
    expect(bench.store.effects).toHaveLength(10);
    expect(bench.position(0)).toBe(10);
    expect(bench.client.joined).toBe(false);
    expect(await redelivered()).toEqual(Array.from({ length: 15 }, (_, index) => `p0-${index + 10}`));
    expect(new Set(bench.store.effects).size).toBe(25);
  });

  it('takes nothing new on', async () => {
    const slow = gate();
    bench.behave = () => slow.passed;
    bench.produce(0, 1);
    await bench.clock.settle();
    const stopping = runtime.stop();
    bench.produce(1, 5);
    await bench.clock.settle();
    slow.open();
    await bench.clock.runUntil(stopping);
    expect(bench.seen).toEqual(['p0-0']);
  });

  it('waits no longer than the drain may last', async () => {
    const slow = gate();
    bench.behave = () => slow.passed;
    bench.produce(0, 1);
    await bench.clock.settle();
    const start = bench.clock.now();
    await bench.stop(runtime);
    expect(bench.clock.now() - start).toBe(25_000);
    expect(bench.position(0)).toBeUndefined();
    slow.open();
  });

  it('leaves nothing asleep behind', async () => {
    bench.produce(0, 1);
    await bench.clock.settle();
    const start = bench.clock.now();
    await bench.stop(runtime);
    expect(bench.clock.now()).toBe(start);
    expect(bench.clock.sleeping).toBe(0);
  });

  it('is one stop, however often it is asked for', async () => {
    const both = Promise.all([runtime.stop(), runtime.stop()]);
    await bench.clock.runUntil(both);
    expect(bench.client.joined).toBe(false);
  });

  it('repeats its last commit while a rebalance refuses it', async () => {
    bench.produce(0, 3);
    let refusals = 7;
    bench.broker.onCommit = () => {
      if (refusals-- > 0) throw new Error('REBALANCE_IN_PROGRESS');
    };
    await bench.clock.settle();
    await bench.stop(runtime);
    expect(bench.position(0)).toBe(3);
  });

  it('gives a last commit up that is refused for long, and leaves all the same', async () => {
    bench.produce(0, 3);
    bench.broker.onCommit = () => {
      throw new Error('away');
    };
    await bench.clock.settle();
    await bench.stop(runtime);
    expect(bench.client.joined).toBe(false);
  });

  it('does not commit a partition that it loses while it drains', async () => {
    const slow = gate();
    bench.behave = () => slow.passed;
    bench.produce(0, 1);
    bench.produce(1, 1);
    await bench.clock.settle();
    const stopping = runtime.stop();
    bench.client.assign([{ topic: TOPIC, partition: 1 }], true);
    slow.open();
    await bench.clock.runUntil(stopping);
    expect(bench.position(0)).toBeUndefined();
    expect(bench.position(1)).toBe(1);
  });

  it('during a hold ends at once, without a dead letter and without a commit of what waits', async () => {
    bench.store.down = true;
    bench.produce(0, 3);
    await bench.clock.advance(5_000);
    const start = bench.clock.now();
    await bench.stop(runtime);
    expect(bench.clock.now() - start).toBe(0);
    expect(bench.broker.records('fraud.order.created.dlq')).toEqual([]);
    expect(bench.position(0)).toBeUndefined();
    bench.store.down = false;
    expect(await redelivered()).toEqual(['p0-0', 'p0-1', 'p0-2']);
  });

  it('during a dead-lettering hold leaves the record to the next delivery', async () => {
    bench.behave = () => {
      throw new FatalError('never');
    };
    bench.produce(0, 1);
    bench.broker.onSend = () => {
      throw new Error('no');
    };
    await bench.clock.advance(5_000);
    await bench.stop(runtime);
    expect(bench.position(0)).toBeUndefined();
    bench.broker.onSend = undefined;
    expect(await redelivered()).toEqual([]);
    expect(bench.broker.records('fraud.order.created.dlq')).toHaveLength(1);
    expect(bench.position(0)).toBe(1);
  });

  it('before the first join ends the joining', async () => {
    bench.broker.down = true;
    const late = bench.start();
    await bench.clock.settle();
    await bench.stop(late);
    bench.broker.down = false;
    await bench.clock.advance(10_000);
    expect(bench.clients.length).toBe(1);
    await bench.stop(runtime);
  });
});
