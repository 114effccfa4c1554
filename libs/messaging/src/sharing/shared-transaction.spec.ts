import { beforeEach, describe, expect, it } from '@jest/globals';
import { FatalError } from '../api/errors.js';
import { manyNamed, named, RunnerBench } from '../runtime/runner.fixture.js';

let bench: RunnerBench;
beforeEach(() => {
  bench = new RunnerBench();
});

/** Transactions that were begun. */
function transactions(): number {
  return bench.journal.filter((step) => step === 'transaction').length;
}

/** A gate that handlers of that name wait at. */
function holding(held: string): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  bench.behave = (name) => (name === held ? promise : undefined);
  return resolve;
}

describe('little batches of several partitions', () => {
  it('are one transaction, and each partition is told of its own records', async () => {
    const partitions = [0, 10, 20].map((first) => bench.begin(manyNamed(3), first));
    await bench.clock.runUntil(Promise.all(partitions));
    expect(transactions()).toBe(1);
    expect(bench.store.effects).toHaveLength(9);
    expect(bench.terminal).toEqual([0, 1, 2, 10, 11, 12, 20, 21, 22]);
  });

  it('that come while one runs share the next', async () => {
    const open = holding('first');
    const first = bench.begin([named('first')], 0);
    await bench.clock.settle();
    const others = [10, 20, 30].map((offset) => bench.begin(manyNamed(2), offset));
    await bench.clock.settle();
    expect(transactions()).toBe(1);
    open();
    await bench.clock.runUntil(Promise.all([first, ...others]));
    expect(transactions()).toBe(2);
  });

  it('are not kept waiting for long by one that does not end', async () => {
    const open = holding('first');
    const first = bench.begin([named('first')], 0);
    await bench.clock.settle();
    await bench.clock.runUntil(bench.begin(manyNamed(2), 10), 250);
    expect(bench.terminal).toEqual([10, 11]);
    open();
    await bench.clock.runUntil(first);
  });

  it('run apart after a failure, which only its own partition pays for', async () => {
    bench.behave = (name) => {
      if (name === 'bad') throw new FatalError('cannot be');
    };
    const partitions = [bench.begin(manyNamed(3), 10), bench.begin([named('bad')], 0)];
    await bench.clock.runUntil(Promise.all(partitions));
    expect(bench.store.effects).toEqual(['c0', 'c1', 'c2']);
    expect(bench.deadLetters()).toEqual(['FATAL']);
    expect(bench.seen.filter((name) => name === 'c0')).toHaveLength(2);
    // Together, then each alone.
    expect(transactions()).toBe(3);
  });

  it('are freed by the time limit from one whose handler hangs, and nothing takes effect twice', async () => {
    const open = holding('hangs');
    const hanging = bench.begin([named('hangs')], 0);
    const other = bench.begin(manyNamed(3), 10);
    await bench.clock.runUntil(other, 1_000);
    expect(bench.terminal).toEqual([10, 11, 12]);
    open();
    await bench.clock.runUntil(hanging);
    expect(bench.store.effects.toSorted()).toEqual(['c0', 'c1', 'c2', 'hangs']);
  });

  it('leave every partition out that was lost while it waited', async () => {
    const open = holding('first');
    const first = bench.begin([named('first')], 0);
    await bench.clock.settle();
    const lost = Promise.allSettled([bench.begin(manyNamed(2), 10), bench.begin(manyNamed(2), 20)]);
    bench.lost.abort();
    open();
    expect(await bench.clock.runUntil(lost)).toMatchObject([
      { status: 'rejected', reason: { code: 'ABANDONED' } },
      { status: 'rejected', reason: { code: 'ABANDONED' } },
    ]);
    await first;
    expect(bench.store.effects).toEqual(['first']);
  });

  it('are together no more than a full batch', async () => {
    bench = new RunnerBench({ batchRecords: 8 });
    const partitions = [0, 10, 20, 30, 40].map((first) => bench.begin(manyNamed(2), first));
    await bench.clock.runUntil(Promise.all(partitions));
    expect(transactions()).toBe(2);
    expect(bench.store.effects).toHaveLength(10);
  });

  it('do not wait for large ones, which are transactions of their own', async () => {
    bench = new RunnerBench({ batchRecords: 8 });
    const open = holding('c2');
    const large = bench.begin(manyNamed(3), 0);
    await bench.clock.settle();
    await bench.clock.runUntil(bench.begin([named('little')], 10), 0);
    expect(bench.terminal).toEqual([10]);
    open();
    await bench.clock.runUntil(large);
  });
});
