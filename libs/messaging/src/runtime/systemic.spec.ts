import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ConsumerOptions } from '../api/consumer-options.js';
import { FatalError, RetryableError } from '../api/errors.js';
import { ConsumerBench } from './consumer-bench.fixture.js';
import type { ConsumerRuntime } from './consumer-runtime.js';
import { named, TOPIC } from './runner.fixture.js';

const PARTITIONS = 6;

describe('systemic failure', () => {
  let bench: ConsumerBench;
  const running: ConsumerRuntime[] = [];

  function start(options: Partial<ConsumerOptions> = {}): ConsumerRuntime {
    // Clients in memory do not beat by themselves.
    const runtime = bench.start({ sessionTimeoutMs: 3_600_000, ...options });
    running.push(runtime);
    return runtime;
  }

  /** Appends records of as many keys, evenly over the partitions. */
  function backlog(count: number): void {
    for (let index = 0; index < count; index += 1)
      bench.broker.append(TOPIC, index % PARTITIONS, named(`c${index}`));
  }

  const failWith = (error: Error) => () => {
    throw error;
  };

  /** Dead events and those that wait for another attempt. */
  function left(): number {
    return (
      bench.broker.records('fraud.order.created.dlq').length +
      bench.broker.records('fraud.order.created.retry.5s').length
    );
  }

  beforeEach(() => {
    bench = new ConsumerBench(PARTITIONS);
  });

  afterEach(async () => {
    bench.behave = () => undefined;
    await bench.clock.advance(40_000);
    for (const runtime of running.splice(0)) await bench.stop(runtime);
  });

  it.each(['key', 'none'] as const)(
    'holds before 500 of 10,000 records are away (%s), and all of them take effect by themselves afterwards',
    async (ordering) => {
      backlog(10_000);
      bench.behave = failWith(new RetryableError('the bank is away'));
      const runtime = start({ ordering });
      await bench.clock.advance(60_000);
      expect(runtime.condition().held).toBe('SYSTEMIC');
      expect(runtime.condition().parkedKeys + left()).toBeLessThan(500);
      await bench.clock.advance(3 * 60_000);
      expect(runtime.condition().held).toBe('SYSTEMIC');
      expect(runtime.condition().parkedKeys + left()).toBeLessThan(500);
      bench.behave = () => undefined;
      await bench.clock.advance(12 * 60_000);
      expect(runtime.condition().held).toBeNull();
      expect(bench.store.effects.length).toBe(10_000);
      expect(new Set(bench.store.effects).size).toBe(10_000);
      expect(bench.deadLetters()).toEqual([]);
    },
  );

  it('holds when everything fails for good, and only what died before stays dead', async () => {
    backlog(3_000);
    bench.behave = failWith(new FatalError('a release that cannot work'));
    const runtime = start();
    await bench.clock.advance(60_000);
    expect(runtime.condition().held).toBe('SYSTEMIC');
    bench.behave = () => undefined;
    await bench.clock.advance(60_000);
    const dead = bench.deadLetters().length;
    expect(dead).toBeLessThan(500);
    expect(bench.store.effects.length + dead).toBe(3_000);
  });

  it('sets in only after a hundred records', async () => {
    backlog(99);
    bench.behave = failWith(new RetryableError('not yet'));
    const runtime = start();
    await bench.clock.settle();
    expect(runtime.condition()).toMatchObject({ held: null, parkedKeys: 99 });
  });

  it('sets in when more keys wait than may, however many records succeed', async () => {
    bench.behave = (name) => {
      if (Number(name.slice(1)) % 10 === 0) throw new RetryableError('not yet');
    };
    backlog(300);
    const runtime = start({ systemicParkedKeys: 20 });
    await bench.clock.settle();
    expect(runtime.condition().held).toBe('SYSTEMIC');
    expect(runtime.condition().parkedKeys).toBeLessThan(30);
  });

  it('is not what one record that always fails among good ones is', async () => {
    bench.behave = (name) => {
      if (name === 'bad') throw new RetryableError('never today');
    };
    bench.append(0, 'a', 'bad');
    const runtime = start({ deadHead: 'skip' });
    let held = 0;
    for (let second = 0; second < 700; second += 1) {
      bench.broker.append(TOPIC, second % PARTITIONS, named(`g${second}`));
      await bench.clock.advance(1_000);
      if (runtime.condition().held !== null) held += 1;
    }
    expect(held).toBe(0);
    expect(bench.deadLetters()).toEqual(['bad EXHAUSTED']);
    expect(bench.store.effects.length).toBe(700);
  });

  it('lets a probing record make way after five probes, so that one bad record at its head does not hold for ever', async () => {
    backlog(200);
    bench.behave = failWith(new RetryableError('away'));
    const runtime = start();
    await bench.clock.advance(5_000);
    expect(runtime.condition().held).toBe('SYSTEMIC');
    // Only what has failed already goes on failing: the rest of the log is good.
    const bad = new Set(bench.seen.slice(-1));
    bench.behave = (name) => {
      if (bad.has(name)) throw new RetryableError('this one');
    };
    await bench.clock.advance(60_000);
    expect(runtime.condition().held).toBeNull();
    expect(bench.store.effects.length).toBeGreaterThan(190);
  });

  it('ends at once when the partition of the probing record is lost', async () => {
    bench = new ConsumerBench(1);
    for (let index = 0; index < 200; index += 1) bench.broker.append(TOPIC, 0, named(`c${index}`));
    bench.behave = failWith(new RetryableError('away'));
    const runtime = start();
    await bench.clock.advance(4_000);
    expect(runtime.condition().held).toBe('SYSTEMIC');
    bench.client.assign([], true);
    await bench.clock.advance(5_000);
    expect(runtime.condition().held).toBeNull();
  });

  it('shows a stop at once', async () => {
    backlog(200);
    bench.behave = failWith(new RetryableError('away'));
    const runtime = start();
    await bench.clock.advance(4_000);
    const before = bench.clock.now();
    await bench.stop(runtime);
    expect(bench.clock.now()).toBe(before);
  });
});
