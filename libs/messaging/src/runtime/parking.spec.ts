import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ConsumerOptions } from '../api/consumer-options.js';
import { FatalError, RetryableError } from '../api/errors.js';
import { retryPlan } from '../api/retry-plan.js';
import { ConsumerBench, gate } from './consumer-bench.fixture.js';
import type { ConsumerRuntime } from './consumer-runtime.js';

const START = Date.parse('2026-03-01T12:00:00Z');

describe('parking', () => {
  let bench: ConsumerBench;
  let failing: Set<string>;
  const running: ConsumerRuntime[] = [];

  function start(options: Partial<ConsumerOptions> = {}): ConsumerRuntime {
    // Clients in memory do not beat by themselves.
    const runtime = bench.start({ sessionTimeoutMs: 3_600_000, ...options });
    running.push(runtime);
    return runtime;
  }

  beforeEach(() => {
    bench = new ConsumerBench();
    failing = new Set();
    bench.behave = (name) => {
      if (failing.has(name)) throw new RetryableError('not yet');
    };
  });

  afterEach(async () => {
    bench.behave = () => undefined;
    for (const runtime of running.splice(0)) await bench.stop(runtime);
  });

  it('takes a failing record and the later ones of its key out of the way of all others', async () => {
    failing.add('a1');
    for (const [key, name] of [
      ['a', 'a1'],
      ['b', 'b1'],
      ['a', 'a2'],
      ['b', 'b2'],
    ] as const)
      bench.append(0, key, name);
    const runtime = start();
    await bench.clock.settle();
    expect(bench.store.effects).toEqual(['b1', 'b2']);
    expect(await bench.states('a1', 'a2')).toEqual(['parked', 'parked']);
    expect(runtime.condition().parkedKeys).toBe(1);
    await bench.clock.advance(1_000);
    expect(bench.position(0)).toBe(4);
  });

  it('lets the head and then its followers take effect, in log order, once the cause is gone', async () => {
    failing.add('a1');
    for (const name of ['a1', 'a2', 'a3']) bench.append(0, 'a', name);
    const runtime = start();
    await bench.clock.settle();
    failing.clear();
    bench.append(0, 'a', 'a4');
    await bench.clock.advance(2_000);
    expect(bench.store.effects).toEqual(['a1', 'a2', 'a3', 'a4']);
    expect(runtime.condition().parkedKeys).toBe(0);
    bench.append(0, 'a', 'a5');
    await bench.clock.settle();
    expect(bench.store.effects.at(-1)).toBe('a5');
  });

  it('spends the local pauses first and then the plan, and tells the dead letter how many attempts there were', async () => {
    failing.add('a1');
    bench.append(0, 'a', 'a1');
    const tried: number[] = [];
    bench.behave = () => {
      tried.push(bench.clock.now() - START);
      throw new RetryableError('not yet');
    };
    start({ parkedPollMs: 1 });
    await bench.clock.advance(8_000);
    expect(tried.slice(0, 1)).toEqual([0]);
    expect(tried).toHaveLength(4);
    const [first = 0, second = 0, third = 0, fourth = 0] = tried;
    expect(second - first).toBeGreaterThan(300);
    expect(third).toBeLessThanOrEqual(2_002);
    expect(fourth - third).toBeGreaterThanOrEqual(5_000);
    expect(fourth - third).toBeLessThanOrEqual(5_002);
  });

  it('kills a head whose plan is used up as EXHAUSTED, with its attempts and its first failure', async () => {
    failing.add('a1');
    bench.append(0, 'a', 'a1');
    start();
    await bench.clock.advance(12 * 60_000);
    expect(bench.seen).toHaveLength(6);
    const [letter] = bench.broker.records('fraud.order.created.dlq');
    expect(letter?.headers).toMatchObject({
      'x-attempt': '6',
      'x-error-reason': 'EXHAUSTED',
      'x-first-failure-at': '2026-03-01T12:00:00.000Z',
      'x-original-partition': '0',
      'x-original-offset': '0',
    });
  });

  it.each([
    ['one try and a plan', 1, ['5s', '1m'], [0, 5, 65]],
    ['one try and no plan', 1, [], [0]],
    ['two tries and no plan', 2, [], [0, 2]],
  ])('with %s tries as often as they say', async (_, tries, delays, seconds) => {
    const tried: number[] = [];
    bench.behave = () => {
      tried.push(Math.round((bench.clock.now() - START) / 1_000));
      throw new RetryableError('not yet');
    };
    bench.append(0, 'a', 'a1');
    start({ tries, retry: retryPlan(...delays) });
    await bench.clock.advance(80_000);
    expect(tried).toHaveLength(seconds.length);
    tried.forEach((at, index) => expect(Math.abs(at - (seconds[index] ?? 0))).toBeLessThanOrEqual(1 + index));
    expect(await bench.states('a1')).toEqual(['dead']);
  });

  it('counts the attempts of each head of a key for itself', async () => {
    failing.add('a1').add('a2');
    start({ deadHead: 'skip', retry: retryPlan('5s') });
    bench.append(0, 'a', 'a1');
    await bench.clock.settle();
    bench.append(0, 'a', 'a2');
    await bench.clock.advance(60_000);
    expect(bench.seen.filter((name) => name === 'a1')).toHaveLength(4);
    expect(bench.seen.filter((name) => name === 'a2')).toHaveLength(4);
    expect(bench.deadLetters()).toEqual(['a1 EXHAUSTED', 'a2 EXHAUSTED']);
  });

  it('knows after a restart which keys wait, before the first record is handled', async () => {
    failing.add('a1');
    bench.append(0, 'a', 'a1');
    await bench.stop(bench.start());
    bench.append(0, 'a', 'a2');
    bench.append(0, 'b', 'b1');
    const runtime = start();
    await bench.clock.settle();
    expect(bench.store.effects).toEqual(['b1']);
    expect(runtime.condition().parkedKeys).toBe(1);
    failing.clear();
    await bench.clock.advance(2_000);
    expect(bench.store.effects).toEqual(['b1', 'a1', 'a2']);
  });

  it('keeps the attempts of a head over a restart', async () => {
    failing.add('a1');
    bench.append(0, 'a', 'a1');
    const options = { retry: retryPlan('1m') };
    const first = bench.start(options);
    await bench.clock.advance(30_000);
    expect(bench.seen).toHaveLength(3);
    await bench.stop(first);
    start(options);
    await bench.clock.advance(60_000);
    expect(bench.seen).toHaveLength(4);
    expect(bench.deadLetters()).toEqual(['a1 EXHAUSTED']);
  });

  it('finds out that another owner has parked a key, and parks behind it', async () => {
    bench.append(0, 'a', 'a1');
    const slow = gate();
    bench.behave = (name) => (name === 'b1' ? slow.passed : undefined);
    bench.append(0, 'b', 'b1');
    start({ batchRecords: 10 });
    await bench.clock.settle();
    // Between the load of the blocked keys and the claim: the former owner's last step.
    const record = bench.broker.read('order.created', 0, 0n, 1)[0]!;
    bench.append(0, 'a', 'a2');
    bench.append(0, 'a', 'a3');
    const second = bench.broker.read('order.created', 0, 2n, 1)[0]!;
    await bench.store.park(
      'fraud',
      [{ eventId: String(second.headers['ce_id']), key: Buffer.from('a'), record: second, receivedAt: 0 }],
      bench.clock.now(),
      { attempt: 1, notBefore: bench.clock.now() + 5_000, firstFailureAt: bench.clock.now() },
    );
    bench.append(0, 'c', 'c1');
    slow.open();
    await bench.clock.settle();
    expect(record.offset).toBe(0n);
    expect(bench.store.effects).toEqual(['a1', 'b1', 'c1']);
    expect(await bench.states('a2', 'a3')).toEqual(['parked', 'parked']);
    await bench.clock.advance(6_000);
    expect(bench.store.effects).toEqual(['a1', 'b1', 'c1', 'a2', 'a3']);
  });

  it('gives a record without a key a key of its own, also beside the same offset of another partition', async () => {
    failing.add('n0').add('n1');
    bench.append(0, null, 'n0');
    bench.append(1, null, 'n1');
    bench.append(0, null, 'free');
    const runtime = start();
    await bench.clock.settle();
    expect(bench.store.effects).toEqual(['free']);
    expect(runtime.condition().parkedKeys).toBe(2);
    failing.delete('n1');
    await bench.clock.advance(3_000);
    expect(bench.store.effects).toEqual(['free', 'n1']);
    failing.clear();
    await bench.clock.advance(10_000);
    expect(bench.store.effects).toEqual(['free', 'n1', 'n0']);
    expect(runtime.condition().parkedKeys).toBe(0);
  });

  it('leaves no blocked key behind when a record without a key dies', async () => {
    failing.add('n0');
    bench.append(0, null, 'n0');
    const runtime = start({ retry: retryPlan() });
    await bench.clock.advance(20_000);
    expect(await bench.states('n0')).toEqual(['dead']);
    expect(runtime.condition().parkedKeys).toBe(0);
    expect(await bench.store.blockedKeys('fraud', 'order.created', 0)).toEqual([]);
  });

  it('lets poison die at once, also behind a blocked key, and then runs the followers', async () => {
    failing.add('a1');
    bench.append(0, 'a', 'a1');
    bench.append(0, 'a', 'broken', Buffer.from('{'));
    bench.append(0, 'a', 'a3');
    start({ deadHead: 'skip' });
    await bench.clock.settle();
    expect(await bench.states('a1', 'broken', 'a3')).toEqual(['parked', 'dead', 'parked']);
    expect(bench.deadLetters()).toEqual(['broken DECODE']);
    failing.clear();
    await bench.clock.advance(3_000);
    expect(bench.store.effects).toEqual(['a1', 'a3']);
    expect(bench.deadLetters()).toEqual(['broken DECODE']);
  });

  it('leaves a key alone whose poison dies in the live flow, raw bytes kept', async () => {
    bench.append(0, 'a', 'broken', Buffer.from([0xff, 0]));
    bench.append(0, 'a', 'a2');
    bench.append(0, 'b', 'b1');
    start();
    await bench.clock.advance(20_000);
    expect(bench.seen).toEqual(['a2', 'b1']);
    expect(await bench.states('broken', 'a2')).toEqual(['dead', 'done']);
    expect(bench.broker.records('fraud.order.created.dlq')[0]?.value).toEqual(Buffer.from([0xff, 0]));
    expect(bench.position(0)).toBe(3);
  });

  it('kills a parked head that can no longer be read, and its policy holds', async () => {
    const id = bench.append(0, 'a', 'a1');
    const [record] = bench.broker.records('order.created');
    const parked = { eventId: id, key: Buffer.from('a'), record: { ...record!, value: null }, receivedAt: 0 };
    await bench.store.park('fraud', [parked], bench.clock.now());
    bench.append(0, 'a', 'a2');
    start();
    await bench.clock.advance(3_000);
    expect(bench.seen).toEqual([]);
    expect(bench.deadLetters()).toEqual(['a1 DECODE']);
    expect(await bench.states('a1', 'a2')).toEqual(['dead', 'parked']);
  });

  it('kills a head at once that fails for good, and its policy holds', async () => {
    bench.append(0, 'a', 'a1');
    bench.append(0, 'a', 'a2');
    let fatal = false;
    bench.behave = (name) => {
      if (name === 'a1') throw fatal ? new FatalError('never') : new RetryableError('not yet');
    };
    start();
    await bench.clock.settle();
    fatal = true;
    await bench.clock.advance(3_000);
    expect(bench.deadLetters()).toEqual(['a1 FATAL']);
    expect(await bench.states('a2')).toEqual(['parked']);
  });

  it('drives a parked head never beside a batch of its partition', async () => {
    failing.add('a1');
    bench.append(0, 'a', 'a1');
    start();
    await bench.clock.settle();
    failing.clear();
    const slow = gate();
    let inside = 0;
    let most = 0;
    bench.behave = async (name) => {
      inside += 1;
      most = Math.max(most, inside);
      if (name === 'b1') await slow.passed;
      inside -= 1;
    };
    bench.append(0, 'b', 'b1');
    await bench.clock.advance(5_000);
    expect(bench.store.effects).toEqual([]);
    slow.open();
    await bench.clock.advance(1_000);
    expect(bench.store.effects).toEqual(['b1', 'a1']);
    expect(most).toBe(1);
  });

  it('holds for a database that is away while it drives, and spends no attempt', async () => {
    failing.add('a1');
    bench.append(0, 'a', 'a1');
    const runtime = start({ retry: retryPlan('5s') });
    await bench.clock.advance(3_000);
    expect(bench.seen).toHaveLength(3);
    bench.store.onStep = (step) => {
      if (step === 'lockParked') bench.store.down = true;
    };
    await bench.clock.advance(60_000);
    expect(runtime.condition().held).not.toBeNull();
    bench.store.onStep = undefined;
    bench.store.down = false;
    failing.clear();
    await bench.clock.advance(5_000);
    expect(bench.store.effects).toEqual(['a1']);
    expect(bench.deadLetters()).toEqual([]);
  });

  it('runs the head again after a deadlock without spending an attempt', async () => {
    failing.add('a1');
    bench.append(0, 'a', 'a1');
    start({ retry: retryPlan() });
    await bench.clock.settle();
    let deadlocks = 10;
    bench.behave = () => {
      if (deadlocks-- > 0) throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
    };
    await bench.clock.advance(5_000);
    expect(bench.store.effects).toEqual(['a1']);
  });

  it('blames a head whose COMMIT fails, and the process lives', async () => {
    failing.add('a1');
    bench.append(0, 'a', 'a1');
    bench.append(0, 'b', 'b1');
    start({ retry: retryPlan() });
    await bench.clock.settle();
    failing.clear();
    let driving = false;
    bench.store.onStep = (step) => {
      if (step === 'takeParked') driving = true;
      else if (step === 'commit' && driving) throw Object.assign(new Error('deferred'), { code: '23505' });
      else if (step !== 'commit') driving = false;
    };
    await bench.clock.advance(10_000);
    bench.store.onStep = undefined;
    expect(bench.fatal).toEqual([]);
    expect(bench.deadLetters()).toEqual(['a1 EXHAUSTED']);
  });
});
