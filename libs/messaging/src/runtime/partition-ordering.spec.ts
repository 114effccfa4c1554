import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ConsumerOptions } from '../api/consumer-options.js';
import { FatalError, RetryableError } from '../api/errors.js';
import { ConsumerBench, gate } from './consumer-bench.fixture.js';
import type { ConsumerRuntime } from './consumer-runtime.js';

describe('the order of work within a partition', () => {
  let bench: ConsumerBench;
  const running: ConsumerRuntime[] = [];

  function start(options: Partial<ConsumerOptions>): ConsumerRuntime {
    // Clients in memory do not beat by themselves.
    const runtime = bench.start({ sessionTimeoutMs: 3_600_000, ...options });
    running.push(runtime);
    return runtime;
  }

  beforeEach(() => {
    bench = new ConsumerBench();
  });

  afterEach(async () => {
    bench.behave = () => undefined;
    for (const runtime of running.splice(0)) await bench.stop(runtime);
  });

  describe("with ordering 'partition'", () => {
    it('waits at the failing record for as long as the plan lasts, and nothing behind it runs', async () => {
      const tried: number[] = [];
      const startedAt = bench.clock.now();
      bench.behave = (name) => {
        if (name !== 'a2') return;
        tried.push(bench.clock.now() - startedAt);
        throw new RetryableError('not yet');
      };
      for (const name of ['a1', 'a2', 'b1']) bench.append(0, name, name);
      bench.append(1, 'c', 'c1');
      start({ ordering: 'partition', tries: 1, batchRecords: 1 });
      await bench.clock.advance(660_000);
      expect(bench.store.effects).toEqual(['a1', 'c1']);
      expect(bench.position(0)).toBe(1);
      await bench.clock.advance(10_000);
      expect(tried).toEqual([0, 5_000, 65_000, 665_000]);
      expect(bench.store.effects).toEqual(['a1', 'c1', 'b1']);
      expect(bench.deadLetters()).toEqual(['a2 EXHAUSTED']);
      expect(bench.position(0)).toBe(3);
    });

    it('goes on in order once the record succeeds', async () => {
      let failures = 4;
      bench.behave = (name) => {
        if (name === 'a2' && failures-- > 0) throw new RetryableError('not yet');
      };
      for (const name of ['a1', 'a2', 'a3', 'a4']) bench.append(0, 'a', name);
      start({ ordering: 'partition' });
      await bench.clock.advance(120_000);
      expect(bench.store.effects).toEqual(['a1', 'a2', 'a3', 'a4']);
      expect(bench.deadLetters()).toEqual([]);
    });

    it('passes a record that fails for good at once', async () => {
      bench.behave = (name) => {
        if (name === 'a1') throw new FatalError('never');
      };
      for (const name of ['a1', 'a2']) bench.append(0, 'a', name);
      start({ ordering: 'partition' });
      await bench.clock.settle();
      expect(bench.store.effects).toEqual(['a2']);
      expect(bench.deadLetters()).toEqual(['a1 FATAL']);
    });

    it('gives a waiting record up when its partition is lost, and its next owner tries it anew', async () => {
      bench.behave = () => {
        throw new RetryableError('not yet');
      };
      bench.append(0, 'a', 'a1');
      start({ ordering: 'partition' });
      await bench.clock.advance(30_000);
      bench.behave = () => undefined;
      bench.client.assign([], true);
      bench.client.assign([{ topic: 'order.created', partition: 0 }], true);
      await bench.clock.advance(1_000);
      expect(bench.store.effects).toEqual(['a1']);
    });

    it('refuses lanes', () => {
      expect(() => start({ ordering: 'partition', lanes: 2 })).toThrow(
        "lanes must be 1 with ordering 'partition'",
      );
    });
  });

  describe('with lanes', () => {
    it('works on several keys at once and on each in order', async () => {
      const slow = gate();
      bench.behave = (name) => (name === 'a1' ? slow.passed : undefined);
      for (const name of ['a1', 'a2']) bench.append(0, 'a', name);
      const others = Array.from({ length: 12 }, (_, index) => `k${index}`);
      for (const key of others) for (const number of [1, 2]) bench.append(0, key, `${key}-${number}`);
      start({ lanes: 4, batchRecords: 1 });
      await bench.clock.advance(1_000);
      expect(bench.store.effects).not.toContain('a1');
      const meanwhile = bench.store.effects.map(String);
      expect(meanwhile.length).toBeGreaterThan(8);
      expect(bench.position(0)).toBeUndefined();
      slow.open();
      await bench.clock.advance(1_000);
      expect(bench.position(0)).toBe(26);
      for (const key of others) {
        const own = bench.store.effects.filter((name) => String(name).startsWith(`${key}-`));
        expect(own).toEqual([`${key}-1`, `${key}-2`]);
      }
      expect(bench.store.effects.filter((name) => String(name).startsWith('a'))).toEqual(['a1', 'a2']);
    });

    it('drives a parked key in the lane of its key, beside the others', async () => {
      let failures = 1;
      const slow = gate();
      bench.behave = (name) => {
        if (name === 'a1' && failures-- > 0) throw new RetryableError('not yet');
        return name === 'a1' ? slow.passed : undefined;
      };
      bench.append(0, 'a', 'a1');
      start({ lanes: 4 });
      await bench.clock.advance(3_000);
      const others = Array.from({ length: 12 }, (_, index) => `k${index}`);
      others.forEach((key) => bench.append(0, key, key));
      bench.append(0, 'a', 'a2');
      await bench.clock.settle();
      expect(bench.store.effects.length).toBeGreaterThan(3);
      expect(bench.store.effects).not.toContain('a2');
      slow.open();
      await bench.clock.advance(3_000);
      expect(bench.store.effects).toHaveLength(14);
      expect(bench.store.effects.filter((name) => String(name).startsWith('a'))).toEqual(['a1', 'a2']);
    });
  });
});
