import { describe, expect, it } from '@jest/globals';
import { databaseAway } from '@millrace/testing/runtime';
import { RetryableError } from '../api/errors.js';
import { retryPlan } from '../api/retry-plan.js';
import { ConsumerBench } from './consumer-bench.fixture.js';
import { named, RunnerBench } from './runner.fixture.js';

const ID = '019ca945-0a00-7c11-9a54-3d2f0c9a7b10';
const PLAN = retryPlan('5s', '1m');
const BACKLOG = 600;

describe('patience', () => {
  it('spends no try on a dependency that is away', async () => {
    const bench = new RunnerBench();
    const ahead = [
      databaseAway(),
      databaseAway(),
      new RetryableError('not yet'),
      new RetryableError('not yet'),
    ];
    bench.behave = () => {
      const error = ahead.shift();
      if (error) throw error;
    };
    await bench.run([named('late')]);
    expect(bench.store.effects).toEqual(['late']);
    expect(bench.deadLetters()).toEqual([]);
  });

  it('ends with the time of a handler, which may never end itself', async () => {
    const bench = new RunnerBench({ tries: 2 });
    bench.behave = () => new Promise(() => undefined);
    const start = bench.clock.now();
    await bench.run([named('endless', ID)]);
    expect(bench.store.failures.get(ID)).toMatchObject({ state: 'dead', errorClass: 'HandlerTimeoutError' });
    expect(bench.clock.now() - start).toBeGreaterThanOrEqual(60_000);
    expect(bench.clock.now() - start).toBeLessThanOrEqual(62_000);
  });

  it('does not wait for a handler that ends late: what it writes then is lost', async () => {
    const bench = new RunnerBench({ tries: 1 });
    bench.behave = () => bench.clock.sleep(31_000);
    await bench.run([named('late')]);
    await bench.clock.advance(5_000);
    expect(bench.store.effects).toEqual([]);
    expect(bench.deadLetters()).toEqual(['EXHAUSTED']);
  });

  it('stops sending records away when most of them fail, says so, and goes on by itself when the cause is gone', async () => {
    const bench = new ConsumerBench(2, PLAN);
    bench.behave = () => {
      throw new RetryableError('not today');
    };
    for (const partition of [0, 1]) bench.produce(partition, BACKLOG / 2);
    const runtime = bench.start({ ordering: 'none', retry: PLAN, tries: 1, batchRecords: 50 });
    await bench.clock.advance(20_000);
    const copies = () => bench.broker.records('fraud.order.created.retry.5s').length;
    expect(runtime.condition().held).toBe('SYSTEMIC');
    expect(copies()).toBeLessThan(BACKLOG / 4);
    bench.behave = () => undefined;
    await bench.clock.advance(2 * 60_000);
    expect(runtime.condition().held).toBeNull();
    expect(new Set(bench.store.effects).size).toBe(BACKLOG);
    expect(bench.store.effects).toHaveLength(BACKLOG);
    await bench.stop(runtime);
  });
});
