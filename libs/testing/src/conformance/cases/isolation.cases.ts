import { expect } from '@jest/globals';
import type { ConformanceBench } from '../conformance-bench.js';
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
    await bench.takesEffect(...others);
  }
  expect(await bench.effectsOf(held, behind)).toEqual([]);
  slow.open();
  await bench.takesEffect(held, behind);
}

async function failingKey(bench: ConformanceBench): Promise<void> {
  const [failing, ...followers] = bench.events(4, 0, 'failing');
  const others = bench.events(4, 0, 'healthy');
  if (!failing) return;
  const times = bench.options.tries + 1;
  bench.plan.let(failing.id, { kind: 'fails', times });
  await bench.start();
  await bench.produce(failing, ...followers.slice(0, 1), ...others, ...followers.slice(1));
  await bench.takesEffect(...others);
  const { ordering } = bench.options;
  if (ordering === 'key') expect(await bench.effectsOf(failing, ...followers)).toEqual([]);
  if (ordering === 'none') expect(await bench.effectsOf(failing)).toEqual([]);
  const late = bench.events(1, 0, 'failing');
  await bench.produce(...late);
  const all = [failing, ...followers, ...late];
  await bench.takesEffect(...all);
  const log = (ordering === 'partition' ? [...all, ...others] : all).map(({ id }) => id);
  if (ordering === 'key') expect(bench.plan.order(log)).toEqual(log);
  if (ordering === 'partition') {
    const produced = [failing, ...followers.slice(0, 1), ...others, ...followers.slice(1), ...late];
    const ids = produced.map(({ id }) => id);
    expect(bench.plan.order(ids)).toEqual(ids);
  }
  if (ordering === 'none') expect(bench.plan.order(log).at(-1)).toBe(failing.id);
  expect(await bench.deadLetters()).toEqual([]);
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
  clause('a systemic failure holds, spends nothing and goes on by itself', systemic),
];
