import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FatalError } from '../api/errors.js';
import { ConsumerBench } from './consumer-bench.fixture.js';
import type { ConsumerRuntime } from './consumer-runtime.js';

const KEY = Buffer.from('a');

describe('a dead head that blocks its key', () => {
  let bench: ConsumerBench;
  let failing: Set<string>;
  let runtime: ConsumerRuntime;

  beforeEach(async () => {
    bench = new ConsumerBench();
    failing = new Set(['a1']);
    bench.behave = (name) => {
      if (failing.has(name)) throw new FatalError('never');
    };
    for (const name of ['a1', 'a2', 'a3']) bench.append(0, 'a', name);
    runtime = bench.start({ sessionTimeoutMs: 3_600_000 });
    await bench.clock.advance(5_000);
  });

  afterEach(async () => {
    await bench.stop(runtime);
  });

  function endBlock(how: 'release' | 'discard') {
    return bench.store.endBlock('fraud', KEY, how, bench.clock.now());
  }

  it('keeps its followers waiting, however long nobody decides', async () => {
    await bench.clock.advance(5 * 60_000);
    expect(await bench.states('a1', 'a2', 'a3')).toEqual(['dead', 'parked', 'parked']);
    expect(bench.seen.filter((name) => name === 'a1').length).toBeLessThanOrEqual(3);
    expect(bench.position(0)).toBe(3);
  });

  it('released stays dead, and its followers take effect in order', async () => {
    expect(await endBlock('release')).toEqual([
      { topic: 'order.created', partition: 0, eventId: expect.any(String), waiting: 2 },
    ]);
    bench.append(0, 'a', 'a4');
    await bench.clock.advance(3_000);
    expect(bench.store.effects).toEqual(['a2', 'a3', 'a4']);
    expect(await bench.states('a1')).toEqual(['dead']);
    expect(runtime.condition().parkedKeys).toBe(0);
  });

  it('discarded is resolved without an effect, also when it is delivered again', async () => {
    await endBlock('discard');
    failing.clear();
    bench.append(0, 'a', 'a1');
    await bench.clock.advance(3_000);
    expect(bench.store.effects).toEqual(['a2', 'a3']);
    expect(await bench.states('a1')).not.toContain('dead');
    expect(bench.position(0)).toBe(4);
  });

  it('released without a follower leaves the key free', async () => {
    bench.behave = () => {
      throw new FatalError('never');
    };
    bench.append(0, 'lonely', 'l1');
    await bench.clock.advance(1_000);
    await bench.store.endBlock('fraud', Buffer.from('lonely'), 'release', bench.clock.now());
    await bench.clock.advance(15_000);
    expect(runtime.condition().parkedKeys).toBe(1);
    bench.behave = () => undefined;
    bench.append(0, 'lonely', 'l2');
    await bench.clock.settle();
    expect(bench.store.effects).toEqual(['l2']);
  });

  it('has nothing to end where no dead head blocks', async () => {
    await endBlock('release');
    await bench.clock.advance(3_000);
    expect(await endBlock('release')).toEqual([]);
    expect(await bench.store.endBlock('fraud', Buffer.from('unknown'), 'discard', 0)).toEqual([]);
  });

  it('makes way for a follower that dies and blocks in its turn', async () => {
    failing.add('a2');
    await endBlock('release');
    await bench.clock.advance(3_000);
    expect(await bench.states('a1', 'a2', 'a3')).toEqual(['dead', 'dead', 'parked']);
    expect(bench.deadLetters()).toEqual(['a1 FATAL', 'a2 FATAL']);
    await endBlock('release');
    await bench.clock.advance(3_000);
    expect(bench.store.effects).toEqual(['a3']);
  });

  it('re-armed by a replay takes effect in place, before its followers', async () => {
    failing.clear();
    const replay = runtime.replay('order.created', { by: 'a person', why: 'mended' });
    await bench.clock.runUntil(replay);
    await bench.clock.advance(3_000);
    expect(bench.store.effects).toEqual(['a1', 'a2', 'a3']);
    expect(await bench.states('a1', 'a2', 'a3')).toEqual(['done', 'done', 'done']);
    expect(runtime.condition().parkedKeys).toBe(0);
  });

  it('re-armed by a replay that fails again blocks as before', async () => {
    const replay = runtime.replay('order.created', { by: 'a person', why: 'hope' });
    await bench.clock.runUntil(replay);
    await bench.clock.advance(5_000);
    expect(bench.store.effects).toEqual([]);
    expect(await bench.states('a1', 'a2')).toEqual(['dead', 'parked']);
    expect(bench.deadLetters()).toEqual(['a1 FATAL', 'a1 FATAL']);
    await endBlock('release');
    await bench.clock.advance(3_000);
    expect(bench.store.effects).toEqual(['a2', 'a3']);
  });

  it('stays the head over a restart, and nobody handles it again', async () => {
    await bench.stop(runtime);
    const handled = bench.seen.length;
    runtime = bench.start({ sessionTimeoutMs: 3_600_000 });
    bench.append(0, 'a', 'a4');
    await bench.clock.advance(20_000);
    expect(bench.seen).toHaveLength(handled);
    expect(await bench.states('a1', 'a4')).toEqual(['dead', 'parked']);
    expect(runtime.condition().parkedKeys).toBe(1);
  });
});
