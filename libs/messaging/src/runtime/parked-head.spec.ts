import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DeadHeadPolicy } from '../api/consumer-options.js';
import { databaseAway } from '@millrace/testing/runtime';
import { FatalError, RetryableError } from '../api/errors.js';
import { retryPlan } from '../api/retry-plan.js';
import { ConsumerBench, gate } from './consumer-bench.fixture.js';
import type { ConsumerRuntime } from './consumer-runtime.js';

describe('a head', () => {
  let bench: ConsumerBench;
  let runtime: ConsumerRuntime;
  let fault: Error | undefined;

  beforeEach(() => {
    bench = new ConsumerBench();
    fault = new RetryableError('not yet');
    bench.behave = (name) => {
      if (name === 'a1' && fault) throw fault;
    };
  });

  afterEach(() => bench.stop(runtime));

  /** Starts a member that parks three records of one key behind the first. */
  async function park(deadHead: DeadHeadPolicy): Promise<void> {
    for (const name of ['a1', 'a2', 'a3']) bench.append(0, 'a', name);
    runtime = bench.start({ deadHead });
    await bench.clock.settle();
    expect(await bench.states('a1', 'a2', 'a3')).toEqual(['parked', 'parked', 'parked']);
  }

  it('that is dead keeps its followers waiting where the policy is to block', async () => {
    await park('block');
    fault = new FatalError('never');
    await bench.clock.advance(60_000);
    expect(await bench.states('a1', 'a2', 'a3')).toEqual(['dead', 'parked', 'parked']);
    expect(bench.store.effects).toEqual([]);
  });

  it('that dies in the live flow keeps its followers waiting where the policy is to block', async () => {
    fault = new FatalError('never');
    for (const name of ['a1', 'a2']) bench.append(0, 'a', name);
    runtime = bench.start();
    await bench.clock.advance(10_000);
    bench.append(0, 'a', 'a3');
    await bench.clock.advance(10_000);
    expect(await bench.states('a1', 'a2', 'a3')).toEqual(['dead', 'parked', 'parked']);
    expect(bench.store.effects).toEqual([]);
  });

  it('that is dead is passed by its followers where the policy is to skip', async () => {
    await park('skip');
    fault = new FatalError('never');
    await bench.clock.advance(60_000);
    expect(bench.store.effects).toEqual(['a2', 'a3']);
    expect(bench.deadLetters()).toEqual(['a1 FATAL']);
  });

  it('that is dead takes its followers with it, in order, where the policy is to drain', async () => {
    await park('drain');
    fault = new FatalError('never');
    await bench.clock.advance(60_000);
    expect(bench.store.effects).toEqual([]);
    expect(bench.deadLetters()).toEqual(['a1 FATAL', 'a2 FOLLOWER', 'a3 FOLLOWER']);
    bench.append(0, 'a', 'a4');
    await bench.clock.settle();
    expect(bench.store.effects).toEqual(['a4']);
  });

  it('that takes effect frees its key only when no record is left, also for records that arrive meanwhile', async () => {
    await park('block');
    const slow = gate();
    bench.behave = () => slow.passed;
    await bench.clock.advance(2_000);
    bench.append(0, 'a', 'a4');
    await bench.clock.settle();
    slow.open();
    await bench.clock.advance(2_000);
    expect(bench.store.effects).toEqual(['a1', 'a2', 'a3', 'a4']);
  });

  it('that an earlier owner has parked keeps its followers waiting from the first dispatch on', async () => {
    await park('block');
    await bench.stop(runtime);
    expect(bench.position(0)).toBe(3);
    bench.append(0, 'a', 'a4');
    bench.append(0, 'b', 'b1');
    runtime = bench.start();
    await bench.clock.settle();
    expect(bench.store.effects).toEqual(['b1']);
    fault = undefined;
    await bench.clock.advance(3_000);
    expect(bench.store.effects).toEqual(['b1', 'a1', 'a2', 'a3', 'a4']);
  });

  it('spends no attempt while its database only blinks', async () => {
    bench.append(0, 'a', 'a1');
    runtime = bench.start({ tries: 2, retry: retryPlan() });
    await bench.clock.settle();
    const blinks = [databaseAway(), databaseAway()];
    bench.behave = () => {
      const error = blinks.shift();
      if (error) throw error;
    };
    await bench.clock.advance(10_000);
    expect(blinks).toEqual([]);
    expect(bench.store.effects).toEqual(['a1']);
    expect(bench.deadLetters()).toEqual([]);
  });

  it('waits for its time also when it was found due while it was being tried', async () => {
    bench.append(0, 'a', 'a1');
    runtime = bench.start({ tries: 1, retry: retryPlan('5s', '15s') });
    await bench.clock.settle();
    const slow = gate();
    let tries = 0;
    bench.behave = async () => {
      tries += 1;
      await slow.passed;
      throw new RetryableError('not yet');
    };
    await bench.clock.advance(9_000);
    expect(tries).toBe(1);
    slow.open();
    await bench.clock.settle();
    expect(await bench.states('a1')).toEqual(['parked']);
    await bench.clock.advance(14_000);
    expect(tries).toBe(1);
    await bench.clock.advance(2_000);
    expect(tries).toBe(2);
  });

  it('is parked before its offset is terminal', async () => {
    runtime = bench.start();
    await bench.clock.settle();
    let refused = 0;
    bench.store.onStep = (step) => {
      if (step !== 'park') return;
      refused += 1;
      throw Object.assign(new Error('read-only'), { code: '25006' });
    };
    bench.append(0, 'a', 'a1');
    await bench.clock.advance(10_000);
    expect(refused).toBeGreaterThan(1);
    expect(bench.position(0)).toBeUndefined();
    bench.store.onStep = undefined;
    await bench.clock.advance(5_000);
    expect(bench.position(0)).toBe(1);
  });
});
