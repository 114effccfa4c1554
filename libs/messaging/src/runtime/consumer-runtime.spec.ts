import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connectionError } from '@millrace/testing/runtime';
import { FatalError, RetryableError } from '../api/errors.js';
import { ConsumerBench, gate } from './consumer-bench.fixture.js';
import type { ConsumerRuntime } from './consumer-runtime.js';
import { TOPIC } from './runner.fixture.js';

describe('ConsumerRuntime', () => {
  let bench: ConsumerBench;
  const running: ConsumerRuntime[] = [];

  function start(...options: Parameters<ConsumerBench['start']>): ConsumerRuntime {
    const runtime = bench.start(...options);
    running.push(runtime);
    return runtime;
  }

  beforeEach(() => {
    bench = new ConsumerBench();
  });

  afterEach(async () => {
    bench.behave = () => undefined;
    bench.broker.down = false;
    bench.store.down = false;
    for (const runtime of running.splice(0)) await bench.stop(runtime);
  });

  it('joins, applies what the log holds and commits within the interval', async () => {
    bench.produce(0, 3);
    const runtime = start();
    await bench.clock.advance(1_000);
    expect(runtime.condition()).toMatchObject({ group: 'fraud', joined: true, held: null, partitions: 2 });
    expect(bench.store.effects).toEqual(['p0-0', 'p0-1', 'p0-2']);
    expect(bench.position(0)).toBe(3);
  });

  it('commits after a number of records without waiting for the interval', async () => {
    bench.produce(0, 20);
    start({ commitRecords: 10 });
    await bench.clock.settle();
    expect(bench.position(0)).toBe(20);
  });

  it('repeats a commit that the broker refused', async () => {
    bench.produce(0, 3);
    bench.broker.onCommit = () => {
      throw new Error('REBALANCE_IN_PROGRESS');
    };
    start();
    await bench.clock.advance(5_000);
    expect(bench.position(0)).toBeUndefined();
    bench.broker.onCommit = undefined;
    await bench.clock.advance(1_000);
    expect(bench.position(0)).toBe(3);
  });

  it('lets a slow partition delay no other, beyond the second that a shared transaction may take', async () => {
    const slow = gate();
    bench.behave = (name) => (name === 'p0-0' ? slow.passed : undefined);
    bench.produce(0, 5);
    bench.produce(1, 200);
    start();
    await bench.clock.advance(1_000);
    expect(bench.store.effects).toHaveLength(200);
    bench.produce(1, 50);
    await bench.clock.settle();
    expect(bench.store.effects).toHaveLength(250);
    await bench.clock.advance(1_000);
    expect(bench.position(1)).toBe(250);
    expect(bench.position(0)).toBeUndefined();
    slow.open();
    await bench.clock.advance(1_000);
    expect(bench.position(0)).toBe(5);
  });

  it('lets a failing partition delay no other', async () => {
    bench.behave = (name) => {
      if (name === 'p0-1') throw new RetryableError('not yet');
    };
    bench.produce(0, 3);
    start({ ordering: 'none' });
    await bench.clock.settle();
    bench.produce(1, 3);
    await bench.clock.settle();
    expect(bench.store.effects).toEqual(expect.arrayContaining(['p1-0', 'p1-1', 'p1-2']));
    expect(bench.store.effects).not.toContain('p0-2');
    await bench.clock.advance(3_000);
    expect(bench.store.effects).toContain('p0-2');
  });

  it('pauses fetching when a queue is full and goes on when it is half empty', async () => {
    const slow = gate();
    bench.behave = (name) => (name === 'p0-0' ? slow.passed : undefined);
    bench.broker.fetchRecords = 10;
    bench.produce(0, 500);
    start({ queueRecords: 40, batchRecords: 10, uncommittedRecords: 100 });
    await bench.clock.advance(1_000);
    expect(bench.client.paused()).toEqual([{ topic: TOPIC, partition: 0 }]);
    slow.open();
    await bench.clock.advance(3_000);
    expect(bench.client.paused()).toEqual([]);
    expect(bench.store.effects).toHaveLength(500);
    expect(bench.position(0)).toBe(500);
  });

  it('waits for its topics and joins once they exist', async () => {
    bench.broker.down = true;
    const runtime = start();
    await bench.clock.advance(20_000);
    expect(runtime.condition().joined).toBe(false);
    expect(bench.clients.length).toBe(0);
    bench.broker.down = false;
    await bench.clock.advance(5_000);
    expect(runtime.condition().joined).toBe(true);
  });

  it('makes a new client with growing pauses after the connection crashed, and loses nothing', async () => {
    bench.produce(0, 3);
    const runtime = start();
    await bench.clock.settle();
    bench.client.crash(connectionError(), true);
    expect(runtime.condition()).toMatchObject({ joined: false, partitions: 0 });
    bench.produce(0, 3, 'later-');
    await bench.clock.advance(1_000);
    expect(bench.clients.length).toBe(2);
    expect(bench.store.effects).toHaveLength(6);
    expect(bench.fatal).toEqual([]);
  });

  it('ends the process once after a crash that no new client mends', async () => {
    start();
    await bench.clock.settle();
    const crash = new TypeError('undefined is not a function');
    bench.client.crash(crash, false);
    bench.client.crash(crash, false);
    await bench.clock.advance(10_000);
    expect(bench.fatal).toEqual([crash]);
    expect(bench.clients.length).toBe(1);
  });

  it('replaces a client that was silent for three session timeouts', async () => {
    const runtime = start();
    await bench.clock.advance(29_000);
    bench.broker.consumers.forEach((client) => client.beat());
    await bench.clock.advance(29_000);
    expect(bench.clients.length).toBe(1);
    expect(runtime.condition().heartbeatAgeMs).toBe(29_000);
    await bench.clock.advance(4_000);
    expect(bench.clients.length).toBe(2);
    expect(bench.clients[0]?.joined).toBe(false);
    expect(runtime.condition().joined).toBe(true);
  });

  it('has one living client after one was replaced while it started', async () => {
    const starting = gate();
    const make = bench.broker.consumer.bind(bench.broker);
    bench.broker.consumer = (...settings) => {
      const client = make(...settings);
      if (bench.clients.length === 1 && bench.client === client) {
        client.startsAfter = starting.passed.then(() => Promise.reject(new Error('disconnected')));
      }
      return client;
    };
    const runtime = start();
    await bench.clock.advance(33_000);
    expect(bench.clients.length).toBe(2);
    starting.open();
    await bench.clock.advance(10_000);
    expect(bench.clients.length).toBe(2);
    expect(bench.client.joined).toBe(true);
    expect(runtime.condition().joined).toBe(true);
  });

  it('holds every partition while the database is away, and says why', async () => {
    const runtime = start();
    await bench.clock.settle();
    bench.store.down = true;
    bench.produce(0, 3);
    await bench.clock.advance(10_000);
    expect(runtime.condition().held).toBe('Error');
    bench.produce(1, 3);
    await bench.clock.advance(1_000);
    expect(bench.seen).toEqual([]);
    bench.store.down = false;
    await bench.clock.advance(3_000);
    expect(runtime.condition().held).toBeNull();
    expect(bench.store.effects).toHaveLength(6);
    expect(bench.broker.records('fraud.order.created.dlq')).toEqual([]);
  });

  it('commits past a record only when its dead letter is acknowledged', async () => {
    bench.behave = (name) => {
      if (name === 'p0-1') throw new FatalError('never');
    };
    bench.broker.onSend = () => {
      throw connectionError();
    };
    bench.produce(0, 4);
    start();
    await bench.clock.advance(10_000);
    expect(bench.position(0)).toBe(1);
    bench.broker.onSend = undefined;
    await bench.clock.advance(10_000);
    expect(bench.position(0)).toBe(4);
    expect(bench.store.effects).toEqual(['p0-0', 'p0-2', 'p0-3']);
  });
});
