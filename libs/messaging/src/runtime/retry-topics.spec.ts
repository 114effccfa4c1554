import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { withHeaders } from '@millrace/testing/runtime';
import type { ConsumerOptions } from '../api/consumer-options.js';
import { FatalError, RetryableError } from '../api/errors.js';
import type { BrokerRecord } from '../ports/broker.port.js';
import { ConsumerBench } from './consumer-bench.fixture.js';
import type { ConsumerRuntime } from './consumer-runtime.js';

const FIVE_SECONDS = 'fraud.order.created.retry.5s';
const ONE_MINUTE = 'fraud.order.created.retry.1m';
const TEN_MINUTES = 'fraud.order.created.retry.10m';
const DEAD_LETTERS = 'fraud.order.created.dlq';

describe('retry topics', () => {
  let bench: ConsumerBench;
  let failing: Set<string>;
  /** When each event was tried, milliseconds since the start. */
  let tried: Map<string, number[]>;
  const running: ConsumerRuntime[] = [];

  function start(options: Partial<ConsumerOptions> = {}): ConsumerRuntime {
    // Clients in memory do not beat by themselves.
    const runtime = bench.start({ ordering: 'none', tries: 1, sessionTimeoutMs: 3_600_000, ...options });
    running.push(runtime);
    return runtime;
  }

  function copies(topic: string): readonly BrokerRecord[] {
    return bench.broker.records(topic);
  }

  beforeEach(() => {
    bench = new ConsumerBench();
    failing = new Set();
    tried = new Map();
    const startedAt = bench.clock.now();
    bench.behave = (name) => {
      tried.set(name, [...(tried.get(name) ?? []), bench.clock.now() - startedAt]);
      if (failing.has(name)) throw new RetryableError('not yet');
    };
  });

  afterEach(async () => {
    bench.behave = () => undefined;
    for (const runtime of running.splice(0)) await bench.stop(runtime);
  });

  it('carry a record through the delays of the plan, each counted from its failure', async () => {
    failing.add('a1');
    bench.append(1, 'a', 'a1');
    start();
    await bench.clock.advance(12 * 60_000);
    expect(tried.get('a1')).toEqual([0, 5_000, 65_000, 665_000]);
    expect(
      [FIVE_SECONDS, ONE_MINUTE, TEN_MINUTES, DEAD_LETTERS].map((topic) => copies(topic).length),
    ).toEqual([1, 1, 1, 1]);
  });

  it('write the attempt, the due time and the original place on each copy, on the same partition number', async () => {
    failing.add('a1');
    bench.append(1, 'b', 'b1');
    const id = bench.append(1, 'a', 'a1');
    start();
    await bench.clock.advance(70_000);
    const [copy] = copies(ONE_MINUTE);
    expect(copy).toMatchObject({ partition: 1, key: Buffer.from('a') });
    expect(copy?.headers).toMatchObject({
      'x-attempt': '2',
      'x-not-before': '2026-03-01T12:01:05.000Z',
      'x-first-failure-at': '2026-03-01T12:00:00.000Z',
      'x-original-topic': 'order.created',
      'x-original-partition': '1',
      'x-original-offset': '1',
      'x-error-reason': 'RETRYABLE',
    });
    expect(String(copy?.headers['ce_id'])).toBe(id);
  });

  it('end as a dead letter with every attempt counted and our headers written once', async () => {
    failing.add('a1');
    bench.append(0, 'a', 'a1');
    start();
    await bench.clock.advance(12 * 60_000);
    expect(copies(DEAD_LETTERS)[0]?.headers).toMatchObject({
      'x-attempt': '4',
      'x-error-reason': 'EXHAUSTED',
      'x-first-failure-at': '2026-03-01T12:00:00.000Z',
      'x-original-topic': 'order.created',
      'x-original-offset': '0',
    });
    expect(copies(DEAD_LETTERS)[0]?.headers['x-not-before']).toBeUndefined();
    expect(await bench.states('a1')).toEqual(['dead']);
  });

  it('let a record take effect once at the first attempt that succeeds, and resolve its failure', async () => {
    failing.add('a1');
    bench.append(0, 'a', 'a1');
    start();
    await bench.clock.advance(10_000);
    failing.clear();
    await bench.clock.advance(60_000);
    expect(bench.store.effects).toEqual(['a1']);
    expect(await bench.states('a1')).toEqual(['done']);
    expect(copies(DEAD_LETTERS)).toEqual([]);
  });

  it('never stall the live flow, nor does a tier that waits stall another', async () => {
    failing.add('a1');
    bench.append(0, 'a', 'a1');
    start();
    await bench.clock.advance(70_000);
    failing.add('b1');
    for (const name of ['b1', 'b2', 'b3']) bench.append(0, 'b', name);
    await bench.clock.settle();
    expect(bench.store.effects).toEqual(['b2', 'b3']);
    failing.delete('b1');
    await bench.clock.advance(5_000);
    expect(bench.store.effects).toEqual(['b2', 'b3', 'b1']);
    expect(await bench.states('a1')).toEqual(['retrying']);
  });

  it('skip a copy whose attempt is below what is known of its event', async () => {
    failing.add('a1');
    bench.append(0, 'a', 'a1');
    start();
    await bench.clock.advance(6_000);
    const [first] = copies(FIVE_SECONDS);
    bench.broker.append(FIVE_SECONDS, 0, first!);
    await bench.clock.advance(3_000);
    expect(tried.get('a1')).toEqual([0, 5_000]);
    expect(copies(ONE_MINUTE)).toHaveLength(1);
  });

  it('skip a duplicate of a copy, before and after its effect', async () => {
    failing.add('a1');
    bench.append(0, 'a', 'a1');
    start();
    await bench.clock.settle();
    failing.clear();
    const [first] = copies(FIVE_SECONDS);
    bench.broker.append(FIVE_SECONDS, 0, first!);
    await bench.clock.advance(6_000);
    bench.broker.append(FIVE_SECONDS, 0, first!);
    await bench.clock.advance(1_000);
    expect(bench.store.effects).toEqual(['a1']);
    expect(tried.get('a1')).toEqual([0, 5_000]);
  });

  it('skip a redelivery of the source record while its copy waits', async () => {
    failing.add('a1');
    bench.append(0, 'a', 'a1');
    start();
    await bench.clock.settle();
    failing.clear();
    bench.append(0, 'a', 'a1');
    await bench.clock.settle();
    expect(bench.store.effects).toEqual([]);
    await bench.clock.advance(6_000);
    expect(bench.store.effects).toEqual(['a1']);
    expect(bench.position(0)).toBe(2);
  });

  it('bury a copy that does not say which attempt it is', async () => {
    bench.append(0, 'a', 'a1');
    const [source] = bench.broker.records('order.created');
    bench.broker.append(
      FIVE_SECONDS,
      0,
      withHeaders(source!, { ce_id: '019ca945-0a00-7c11-9a54-3d2f0c9a7b10' }),
    );
    start();
    await bench.clock.advance(1_000);
    expect(bench.deadLetters()).toEqual(['unknown DECODE']);
    expect(bench.store.effects).toEqual(['a1']);
  });

  it('send nothing to any tier after a FatalError on a copy', async () => {
    bench.append(0, 'a', 'a1');
    let attempts = 0;
    bench.behave = () => {
      attempts += 1;
      throw attempts === 1 ? new RetryableError('not yet') : new FatalError('never');
    };
    start();
    await bench.clock.advance(10_000);
    expect(copies(ONE_MINUTE)).toEqual([]);
    expect(copies(DEAD_LETTERS)[0]?.headers).toMatchObject({ 'x-attempt': '2', 'x-error-reason': 'FATAL' });
  });

  it('do not hold up a clean stop while a copy waits', async () => {
    failing.add('a1');
    bench.append(0, 'a', 'a1');
    const runtime = start();
    await bench.clock.advance(10_000);
    const before = bench.clock.now();
    await bench.stop(runtime);
    expect(bench.clock.now()).toBe(before);
  });

  it('are read on by the next process when the copy is due', async () => {
    failing.add('a1');
    bench.append(0, 'a', 'a1');
    await bench.clock.settle();
    const first = bench.start({ ordering: 'none', tries: 1 });
    await bench.clock.advance(2_000);
    await bench.stop(first);
    failing.clear();
    start();
    await bench.clock.advance(2_000);
    expect(bench.store.effects).toEqual([]);
    await bench.clock.advance(2_000);
    expect(bench.store.effects).toEqual(['a1']);
  });

  it('may be moved by a rebalance while a copy waits, and it is tried once', async () => {
    failing.add('a1');
    bench.append(1, 'a', 'a1');
    start();
    await bench.clock.advance(2_000);
    failing.clear();
    start();
    await bench.clock.advance(10_000);
    expect(bench.store.effects).toEqual(['a1']);
    expect(tried.get('a1')).toEqual([0, 5_000]);
  });
});
