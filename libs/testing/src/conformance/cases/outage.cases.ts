import { expect } from '@jest/globals';
import type { ConformanceBench, ConformanceEvent } from '../conformance-bench.js';
import type { VirtualPlace } from '../place/conformance-place.js';
import { clause, virtualClause } from './conformance-case.js';

/** How long a dependency is away, by the consumer's clock. */
const AWAY_MS = 60_000;

async function nothingSpent(bench: ConformanceBench, ...events: readonly ConformanceEvent[]): Promise<void> {
  await bench.takesEffect(...events);
  await bench.catchesUp();
  await bench.takesEffect(...events);
  expect(await bench.database.rows('SELECT state, attempt FROM failed_event')).toEqual([]);
  expect(await bench.deadLetters()).toEqual([]);
}

async function databaseAway(bench: ConformanceBench): Promise<void> {
  const member = await bench.start();
  await bench.catchesUp();
  const events = [...bench.events(5), ...bench.events(5, 1)];
  await bench.database.cut();
  await bench.produce(...events);
  const back = bench.place.clock.now() + AWAY_MS;
  await bench.place.reach(() => {
    expect(member.condition().held).not.toBeNull();
    expect(bench.place.clock.now()).toBeGreaterThan(back);
  });
  expect(member.condition().joined).toBe(true);
  await bench.database.restore();
  await nothingSpent(bench, ...events);
  expect(member.condition()).toMatchObject({ held: null, joined: true });
  expect(member.fatal).toEqual([]);
}

async function brokerAway(bench: ConformanceBench<VirtualPlace>): Promise<void> {
  const member = await bench.start();
  await bench.catchesUp();
  const events = [...bench.events(5), ...bench.events(5, 1)];
  bench.place.outage(true);
  await bench.produce(...events);
  await bench.place.pass(AWAY_MS);
  expect(member.condition().joined).toBe(false);
  bench.place.outage(false);
  await nothingSpent(bench, ...events);
  await bench.place.reach(() => expect(member.condition().joined).toBe(true));
  expect(member.fatal).toEqual([]);
}

/** A dependency that is away costs time and nothing else. */
export const outageCases = [
  clause('a database that is away spends no attempt and no event', databaseAway),
  virtualClause('a broker that is away spends no attempt and no event', brokerAway),
];
