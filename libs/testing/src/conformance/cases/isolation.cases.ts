import { expect } from '@jest/globals';
import type { ConformanceBench, ConformanceEvent } from '../conformance-bench.js';
import { clause, gate } from './conformance-case.js';

async function slowPartition(bench: ConformanceBench): Promise<void> {
  const slow = gate();
  const [held, behind] = bench.events(2);
  if (!held || !behind) return;
  bench.plan.let(held.id, { kind: 'waits', until: slow.passed });
  await bench.start();
  await bench.produce(held);
  await bench.place.reach(() => expect(bench.plan.callsOf(held.id)).toHaveLength(1));
  // More than one fetch: the partitions beside it are fetched on.
  for (let round = 0; round < 3; round += 1) {
    const others = [...bench.events(5, 1), ...bench.events(5, 2)];
    await bench.produce(behind, ...others);
    // Partitions share transactions: the first time the others may wait until it shows who is slow.
    if (round === 0) await bench.place.pass(bench.options.sharedTimeoutMs);
    await bench.takesEffect(...others);
  }
  expect(await bench.effectsOf(held, behind)).toEqual([]);
  slow.open();
  await bench.takesEffect(held, behind);
}

async function failingKey(bench: ConformanceBench): Promise<void> {
  const { ordering, tries } = bench.options;
  const [failing, ...followers] = bench.events(4, 0, 'failing');
  const others = bench.events(4, 0, 'healthy');
  if (!failing) return;
  const log = [failing, ...followers.slice(0, 1), ...others, ...followers.slice(1)];
  // Whoever waits for the failing event in the log can only be seen to go on when it mends by itself.
  bench.plan.let(
    failing.id,
    ordering === 'partition' ? { kind: 'fails', times: tries + 1 } : { kind: 'fails' },
  );
  await bench.start();
  await bench.produce(...log);
  await bench.takesEffect(...others);
  if (ordering === 'none') await bench.takesEffect(...followers);
  if (ordering !== 'partition') expect(await bench.effectsOf(failing)).toEqual([]);
  if (ordering === 'key') expect(await bench.effectsOf(...followers)).toEqual([]);
  const late = bench.events(1, 0, 'failing');
  await bench.produce(...late);
  bench.plan.mend();
  await bench.takesEffect(...log, ...late);
  assertOrdered(bench, [failing, ...followers, ...late], [...log, ...late]);
  expect(await bench.deadLetters()).toEqual([]);
}

function assertOrdered(
  { plan, options: { ordering } }: ConformanceBench,
  ofKey: readonly ConformanceEvent[],
  all: readonly ConformanceEvent[],
): void {
  if (ordering === 'none') return;
  const expected = (ordering === 'key' ? ofKey : all).map(({ id }) => id);
  expect(plan.order(expected)).toEqual(expected);
}

async function systemic(bench: ConformanceBench): Promise<void> {
  const events = [0, 1, 2].flatMap((partition) => bench.events(30, partition));
  bench.plan.everythingFails = true;
  const member = await bench.start();
  await bench.produce(...events);
  await bench.place.reach(() => expect(member.condition().held).toBe('SYSTEMIC'));
  const left = await bench.database.rows<{ n: number }>(
    `SELECT (SELECT count(*) FROM failed_event)::int + (SELECT count(*) FROM parked_event)::int AS n`,
  );
  expect(left[0]?.n).toBeLessThan(bench.options.systemicWindow * 2);
  expect(await bench.deadLetters()).toEqual([]);
  bench.plan.mend();
  await bench.takesEffect(...events);
  await bench.place.reach(() => expect(member.condition().held).toBeNull());
}

/** What must not suffer when something fails. */
export const isolationCases = [
  clause('a slow partition does not slow another', slowPartition),
  clause('a failing key neither blocks another key nor lets its followers overtake', failingKey),
  // With ordering partition nobody fails but the one record that everybody waits for.
  clause('a systemic failure holds, spends nothing and goes on by itself', systemic, ['partition']),
];
