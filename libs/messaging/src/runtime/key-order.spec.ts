import { describe, expect, it } from '@jest/globals';
import type { DeadHeadPolicy } from '../api/consumer-options.js';
import { RetryableError } from '../api/errors.js';
import { ConsumerBench } from './consumer-bench.fixture.js';

const KEYS = 50;
const EVENTS = 20;
const PARTITIONS = 6;
/** Keys that hold an event which always fails, and where it stands. */
const DEAD = new Map([
  [7, 4],
  [23, 0],
  [41, 19],
]);

/** Failures that an event has ahead: 10 % of the events of 15 keys, one to three times; the dead ones always. */
function failuresOf(key: number, event: number): number {
  if (DEAD.has(key)) return DEAD.get(key) === event ? Number.POSITIVE_INFINITY : 0;
  return key % 3 === 0 && (key + event) % 3 === 0 ? 1 + ((key + event) % 9) / 3 : 0;
}

function isHealthy(key: number): boolean {
  return Array.from({ length: EVENTS }, (_, event) => failuresOf(key, event)).every(
    (failures) => failures === 0,
  );
}

const nameOf = (key: number, event: number) => `k${key}-${event}`;
const all = (count: number) => Array.from({ length: count }, (_, index) => index);
const eventsOf = (key: number, from = 0, to = EVENTS) =>
  all(EVENTS)
    .slice(from, to)
    .map((event) => nameOf(key, event));

/** Appends the log, an event of every key in turn, and runs it for twenty virtual minutes. */
async function run(bench: ConsumerBench, deadHead: DeadHeadPolicy, failing: boolean) {
  const finishedAt = new Map<string, number>();
  const left = new Map<string, number>();
  for (const event of all(EVENTS)) {
    for (const key of all(KEYS)) {
      bench.append(key % PARTITIONS, `key-${key}`, nameOf(key, event));
      left.set(nameOf(key, event), failing ? failuresOf(key, event) : 0);
    }
  }
  bench.behave = (name) => {
    const failures = left.get(name) ?? 0;
    left.set(name, failures - 1);
    if (failures > 0) throw new RetryableError('not yet');
    finishedAt.set(name, bench.clock.now());
  };
  const runtime = bench.start({ deadHead, batchRecords: 40, sessionTimeoutMs: 3_600_000 });
  await bench.clock.advance(20 * 60_000);
  return { runtime, finishedAt };
}

function effectsOf(bench: ConsumerBench, key: number): unknown[] {
  return bench.store.effects.filter((name) => String(name).startsWith(`k${key}-`));
}

describe.each<DeadHeadPolicy>(['block', 'skip', 'drain'])(
  '50 keys of which some fail, with %s',
  (deadHead) => {
    it('keep their order, and the healthy ones finish as if nobody failed', async () => {
      const calm = new ConsumerBench(PARTITIONS);
      const expected = await run(calm, deadHead, false);
      await calm.stop(expected.runtime);
      const bench = new ConsumerBench(PARTITIONS);
      const { runtime, finishedAt } = await run(bench, deadHead, true);
      const healthy = all(KEYS).filter(isHealthy);
      expect(healthy.length).toBeGreaterThan(25);
      for (const key of healthy) {
        for (const name of eventsOf(key)) expect(finishedAt.get(name)).toBe(expected.finishedAt.get(name));
      }
      for (const key of all(KEYS).filter((one) => !DEAD.has(one))) {
        expect(effectsOf(bench, key)).toEqual(eventsOf(key));
      }
      expect(bench.broker.commits.length).toBeGreaterThan(0);
      for (const partition of all(PARTITIONS)) {
        const records = all(KEYS).filter((key) => key % PARTITIONS === partition).length * EVENTS;
        expect(bench.position(partition)).toBe(records);
      }
      expect(bench.fatal).toEqual([]);
      await bench.stop(runtime);
    });

    it('treat the followers of a dead event as the policy says', async () => {
      const bench = new ConsumerBench(PARTITIONS);
      const { runtime } = await run(bench, deadHead, true);
      for (const [key, event] of DEAD) {
        const followers = eventsOf(key, event + 1);
        const states = await bench.states(nameOf(key, event), ...followers);
        const took = deadHead === 'skip' ? followers : [];
        expect(effectsOf(bench, key)).toEqual([...eventsOf(key, 0, event), ...took]);
        const expected = { block: 'parked', skip: 'done', drain: 'dead' } as const;
        expect(states).toEqual(['dead', ...followers.map(() => expected[deadHead])]);
        const letters = bench.deadLetters().filter((letter) => letter.startsWith(`k${key}-`));
        const drained = deadHead === 'drain' ? followers.map((name) => `${name} FOLLOWER`) : [];
        expect(letters).toEqual([`${nameOf(key, event)} EXHAUSTED`, ...drained]);
      }
      expect(runtime.condition().parkedKeys).toBe(deadHead === 'block' ? DEAD.size : 0);
      await bench.stop(runtime);
    });
  },
);
