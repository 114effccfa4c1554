import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { databaseAway } from '@millrace/testing/runtime';
import type { ConsumerOptions } from '../api/consumer-options.js';
import type { EventContext } from '../api/event-context.js';
import { retryPlan } from '../api/retry-plan.js';
import { ConsumerBench, gate } from './consumer-bench.fixture.js';
import type { ConsumerRuntime } from './consumer-runtime.js';

describe('a handler that', () => {
  let bench: ConsumerBench;
  const running: ConsumerRuntime[] = [];

  function start(options: Partial<ConsumerOptions> = {}): ConsumerRuntime {
    const runtime = bench.start({ retry: retryPlan(), ...options });
    running.push(runtime);
    return runtime;
  }

  beforeEach(() => {
    bench = new ConsumerBench();
  });

  afterEach(async () => {
    bench.behave = () => undefined;
    bench.store.down = false;
    for (const runtime of running.splice(0)) await bench.stop(runtime);
  });

  describe('runs out of time', () => {
    it('gets its signal aborted, and its transaction is lost', async () => {
      const reasons: unknown[] = [];
      const never = gate();
      bench.behave = (_name, { signal }) => {
        signal.addEventListener('abort', () => reasons.push(signal.reason));
        return never.passed;
      };
      bench.append(0, 'a', 'a1');
      start({ ordering: 'none', tries: 1 });
      await bench.clock.advance(29_999);
      expect(reasons).toEqual([]);
      await bench.clock.advance(1);
      expect(reasons).toMatchObject([{ code: 'HANDLER_TIMEOUT' }]);
      expect(bench.store.effects).toEqual([]);
      expect(bench.store.waiting).toBe(0);
    });

    it('counts as a failure of its record like any other', async () => {
      bench.behave = () => new Promise(() => undefined);
      bench.append(0, 'a', 'a1');
      start({ ordering: 'none', tries: 2, handlerTimeoutMs: 1_000 });
      await bench.clock.advance(10_000);
      expect(bench.seen).toEqual(['a1', 'a1']);
      const [letter] = bench.broker.records('fraud.order.created.dlq');
      expect(letter?.headers).toMatchObject({
        'x-error-reason': 'EXHAUSTED',
        'x-error-class': 'HandlerTimeoutError',
      });
    });

    it('changes nothing when it ignores its signal and ends later', async () => {
      const late = gate();
      const queries: unknown[] = [];
      bench.behave = async (name: string, { tx }: EventContext) => {
        if (name !== 'a1' || bench.seen.length > 1) return;
        await late.passed;
        queries.push(await tx.query('late', ['late effect']).catch((error: unknown) => error));
      };
      bench.append(0, 'a', 'a1');
      start({ ordering: 'none', handlerTimeoutMs: 1_000 });
      await bench.clock.advance(5_000);
      expect(bench.store.effects).toEqual(['a1']);
      late.open();
      await bench.clock.advance(5_000);
      expect(bench.store.effects).toEqual(['a1']);
      expect(queries).toMatchObject([{ name: 'TransactionOverError' }]);
    });

    it('is found among its neighbours, which take effect', async () => {
      bench.behave = (name) => (name === 'a3' ? new Promise(() => undefined) : undefined);
      for (const name of ['a1', 'a2', 'a3', 'a4']) bench.append(0, name, name);
      start({ ordering: 'none', tries: 1, handlerTimeoutMs: 1_000 });
      await bench.clock.advance(10_000);
      expect(bench.store.effects).toEqual(['a1', 'a2', 'a4']);
      expect(bench.deadLetters()).toEqual(['a3 EXHAUSTED']);
    });

    it('as a parked head spends its attempts and dies, and the process lives', async () => {
      bench.behave = (name) => (name === 'a1' ? new Promise(() => undefined) : undefined);
      bench.append(0, 'a', 'a1');
      bench.append(0, 'b', 'b1');
      start({ handlerTimeoutMs: 1_000 });
      await bench.clock.advance(20_000);
      expect(bench.fatal).toEqual([]);
      expect(bench.deadLetters()).toEqual(['a1 EXHAUSTED']);
      expect(bench.store.effects).toEqual(['b1']);
    });

    it('delays no other partition', async () => {
      bench.behave = (name) => (name === 'a1' ? new Promise(() => undefined) : undefined);
      bench.append(0, 'a', 'a1');
      bench.append(1, 'b', 'b1');
      start();
      // They share a transaction, which has a second.
      await bench.clock.advance(1_000);
      expect(bench.store.effects).toEqual(['b1']);
    });
  });

  describe('kills its own connection', () => {
    it('every time is held for a few times and ends as a dead letter', async () => {
      bench.behave = (name) => {
        if (name === 'a1') throw databaseAway('Connection terminated unexpectedly');
      };
      bench.append(0, 'a', 'a1');
      bench.append(0, 'b', 'b1');
      const runtime = start();
      await bench.clock.advance(60_000);
      expect(runtime.condition().held).toBeNull();
      expect(bench.deadLetters()).toEqual(['a1 EXHAUSTED']);
      expect(bench.store.effects).toEqual(['b1']);
    });

    it('for a while spends no attempt', async () => {
      const start0 = bench.clock.now();
      bench.behave = () => {
        if (bench.clock.now() - start0 < 300) throw databaseAway();
      };
      bench.append(0, 'a', 'a1');
      start({ tries: 1 });
      await bench.clock.advance(5_000);
      expect(bench.store.effects).toEqual(['a1']);
      expect(bench.deadLetters()).toEqual([]);
      expect(await bench.store.blockedKeys('fraud', 'order.created', 0)).toEqual([]);
    });
  });
});
