import { beforeEach, describe, expect, it } from '@jest/globals';
import { databaseAway } from '@millrace/testing/runtime';
import { FatalError, RetryableError } from '../api/errors.js';
import { AbandonedError } from '../failure/abandoned.error.js';
import { manyNamed, named, RunnerBench } from './runner.fixture.js';

const ID = '019ca945-0a00-7c11-9a54-3d2f0c9a7b10';

function upTo(count: number, without: readonly number[] = []): number[] {
  return Array.from({ length: count }, (_, index) => index).filter((index) => !without.includes(index));
}

describe('RecordRunner', () => {
  let bench: RunnerBench;

  beforeEach(() => {
    bench = new RunnerBench();
  });

  it('runs a good batch in one transaction, in order', async () => {
    await bench.run(manyNamed(5));
    expect(bench.journal.filter((step) => step === 'commit')).toHaveLength(1);
    expect(bench.store.effects).toEqual(['c0', 'c1', 'c2', 'c3', 'c4']);
    expect(bench.terminal).toEqual([0, 1, 2, 3, 4]);
  });

  it('reports nothing terminal before the transaction committed', async () => {
    await bench.run(manyNamed(2));
    expect(bench.journal).toEqual(['transaction', 'claim', 'commit', 'terminal', 'terminal']);
  });

  it('applies a duplicate within a batch once', async () => {
    await bench.run([named('first', ID), named('second'), named('first again', ID)]);
    expect(bench.store.effects).toEqual(['first', 'second']);
    expect(bench.terminal.sort()).toEqual([0, 1, 2]);
  });

  it('skips a duplicate of an earlier batch', async () => {
    await bench.run([named('first', ID)]);
    await bench.run([named('first again', ID), named('second')], 1);
    expect(bench.store.effects).toEqual(['first', 'second']);
    expect(bench.terminal.sort()).toEqual([0, 1, 2]);
  });

  it('finds one poisoned record among 64 by bisecting, and its neighbours commit in order', async () => {
    bench.behave = (name) => {
      if (name === 'c37') throw new FatalError('cannot be');
    };
    await bench.run(manyNamed(64));
    expect(bench.store.effects).toEqual(upTo(64, [37]).map((index) => `c${index}`));
    expect(bench.terminal).toEqual(upTo(64));
    expect(bench.deadLetters()).toEqual(['FATAL']);
    expect(bench.journal.filter((step) => step === 'transaction').length).toBeLessThanOrEqual(
      2 * Math.log2(64) + 1,
    );
  });

  it('finds several failing records, first and last included', async () => {
    const bad = [0, 5, 9];
    bench.behave = (name) => {
      if (bad.includes(Number(name.slice(1)))) throw new FatalError('cannot be');
    };
    await bench.run(manyNamed(10));
    expect(bench.store.effects).toEqual(upTo(10, bad).map((index) => `c${index}`));
    expect(bench.deadLetters()).toEqual(['FATAL', 'FATAL', 'FATAL']);
    expect(bench.terminal).toEqual(upTo(10));
  });

  it('tries a record again that fails for the moment, within its time', async () => {
    let failures = 2;
    bench.behave = () => {
      if (failures-- > 0) throw new RetryableError('not yet');
    };
    const start = bench.clock.now();
    await bench.run([named('late')]);
    expect(bench.seen).toHaveLength(3);
    expect(bench.store.effects).toEqual(['late']);
    expect(bench.clock.now() - start).toBeGreaterThanOrEqual(1_000);
    expect(bench.clock.now() - start).toBeLessThanOrEqual(2_000);
    expect(bench.deadLetters()).toEqual([]);
  });

  it('spends tries only on a record that stands alone', async () => {
    let failures = 3;
    bench.behave = (name) => {
      if (name === 'c1' && failures-- > 0) throw new RetryableError('not yet');
    };
    await bench.run(manyNamed(2));
    expect(bench.store.effects).toEqual(['c0', 'c1']);
    expect(bench.deadLetters()).toEqual([]);
  });

  it('treats an unknown error as one that may pass', async () => {
    let failures = 1;
    bench.behave = () => {
      if (failures-- > 0) throw new TypeError('undefined is not a function');
    };
    await bench.run([named('lucky')]);
    expect(bench.store.effects).toEqual(['lucky']);
  });

  it('runs the whole batch again after a deadlock and spends no try', async () => {
    let conflicts = 15;
    bench.behave = () => {
      if (conflicts-- > 0) throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
    };
    await bench.run(manyNamed(3));
    expect(bench.seen.slice(-3)).toEqual(['c0', 'c1', 'c2']);
    expect(bench.store.effects).toEqual(['c0', 'c1', 'c2']);
    expect(bench.deadLetters()).toEqual([]);
  });

  it('holds while the database is away, spends no try and then goes on', async () => {
    bench.store.down = true;
    const running = bench.begin(manyNamed(3));
    await bench.clock.advance(60_000);
    expect(bench.gate.reason).toBe('Error');
    expect(bench.terminal).toEqual([]);
    bench.store.down = false;
    await bench.clock.runUntil(running);
    expect(bench.store.effects).toEqual(['c0', 'c1', 'c2']);
    expect(bench.deadLetters()).toEqual([]);
  });

  it('finds a record that kills its own connection, and its neighbours take effect', async () => {
    bench.behave = (name) => {
      if (name === 'c5') throw databaseAway('Connection terminated unexpectedly');
    };
    await bench.run(manyNamed(8));
    expect(bench.store.effects).toEqual(upTo(8, [5]).map((index) => `c${index}`));
    expect(bench.deadLetters()).toEqual(['EXHAUSTED']);
    expect(bench.terminal).toEqual(upTo(8));
    expect(bench.journal.filter((step) => step === 'probe')).toHaveLength(4);
  });

  it('gives a record whose database only blinks four holds before it is to blame', async () => {
    let blinks = 4;
    bench.behave = () => {
      if (blinks-- > 0) throw databaseAway();
    };
    await bench.run([named('patient')]);
    expect(bench.store.effects).toEqual(['patient']);
    expect(bench.seen).toHaveLength(5);
  });

  it('leaves a record alone whose partition was lost while it waits for its next try', async () => {
    bench.behave = () => {
      throw new RetryableError('not yet');
    };
    const running = bench.begin([named('lost')]);
    await bench.clock.settle();
    bench.lost.abort();
    await expect(running).rejects.toBeInstanceOf(AbandonedError);
    expect(bench.seen).toHaveLength(1);
    expect(bench.deadLetters()).toEqual([]);
    expect(bench.terminal).toEqual([]);
  });

  it('stops between the halves of a batch whose partition was lost', async () => {
    bench.behave = (name) => {
      if (name === 'c3') throw new FatalError('cannot be');
      if (bench.seen.filter((seen) => seen === 'c0').length === 2) bench.lost.abort();
    };
    await expect(bench.run(manyNamed(4))).rejects.toBeInstanceOf(AbandonedError);
    expect(bench.store.effects).toEqual(['c0', 'c1']);
    expect(bench.deadLetters()).toEqual([]);
  });

  it('lets a commit whose answer was lost count once', async () => {
    let lost = true;
    const commit = bench.store.transaction.bind(bench.store);
    bench.store.transaction = async (work) => {
      const result = await commit(work);
      if (lost) {
        lost = false;
        throw databaseAway('Connection terminated unexpectedly');
      }
      return result;
    };
    await bench.run(manyNamed(2));
    expect(bench.store.effects).toEqual(['c0', 'c1']);
    expect(bench.terminal.sort()).toEqual([0, 1]);
  });
});
