import { expect } from '@jest/globals';
import { EventHeader } from '@millrace/contracts';
import type { ConformanceBench } from '../conformance-bench.js';
import type { VirtualPlace } from '../place/conformance-place.js';
import { clause, virtualClause } from './conformance-case.js';
import { assertExplains } from './dead-letter.assertions.js';

async function retriedThenDone(bench: ConformanceBench): Promise<void> {
  const [failing, ...others] = bench.events(4);
  if (!failing) return;
  // More failures than local tries, so that the retry plan is needed too.
  const times = bench.options.tries + 1;
  bench.plan.let(failing.id, { kind: 'fails', times });
  await bench.start();
  await bench.produce(failing, ...others);
  await bench.takesEffect(failing, ...others);
  await bench.catchesUp();
  await bench.takesEffect(failing, ...others);
  const alone = bench.plan.callsOf(failing.id).filter(({ events }) => events.length === 1);
  expect(alone).toHaveLength(times + 1);
  expect(await bench.deadLetters()).toEqual([]);
  const [status] = await bench.database.store.statesOf(bench.options.group, [failing.id]);
  expect(status).toMatchObject({ state: 'done' });
}

async function exhausted(bench: ConformanceBench): Promise<void> {
  const [failing, ...others] = bench.events(3, 1);
  if (!failing) return;
  bench.plan.let(failing.id, { kind: 'fails' });
  await bench.start();
  await bench.produce(failing, ...others);
  await bench.takesEffect(...others);
  await bench.dies(failing);
  await bench.catchesUp();
  expect(await bench.effectsOf(failing)).toEqual([]);
  const letters = await bench.deadLetters(failing.id);
  expect(letters).toHaveLength(1);
  const original = await bench.placeOf(failing);
  assertExplains(letters[0], { original, options: bench.options, reason: 'EXHAUSTED' });
  const [row] = await bench.database.rows<{ took: number }>(
    `SELECT extract(epoch FROM updated_at - first_failure_at)::float8 * 1000 AS took
       FROM failed_event WHERE event_id = $1`,
    [failing.id],
  );
  // Every delay of the plan was waited for.
  expect(row?.took).toBeGreaterThanOrEqual(bench.options.retry.totalMs);
}

async function fatal(bench: ConformanceBench): Promise<void> {
  const [failing, ...others] = bench.events(3, 2);
  if (!failing) return;
  bench.plan.let(failing.id, { kind: 'is fatal' });
  await bench.start();
  await bench.produce(failing, ...others);
  await bench.takesEffect(...others);
  await bench.dies(failing);
  const letters = await bench.deadLetters(failing.id);
  const original = await bench.placeOf(failing);
  assertExplains(letters[0], { original, options: bench.options, reason: 'FATAL' });
  const alone = bench.plan.callsOf(failing.id).filter(({ events }) => events.length === 1);
  expect(alone).toHaveLength(1);
}

async function hanging(bench: ConformanceBench<VirtualPlace>): Promise<void> {
  const [hangs, neighbour] = bench.events(2);
  if (!hangs || !neighbour) return;
  bench.plan.let(hangs.id, { kind: 'hangs', times: 1 });
  await bench.start();
  await bench.produce(hangs);
  // Alone, so that its only hang is used up.
  await bench.place.reach(() => expect(bench.plan.callsOf(hangs.id)).toHaveLength(1));
  await bench.produce(neighbour);
  await bench.place.pass(bench.options.handlerTimeoutMs);
  await bench.takesEffect(hangs, neighbour);
}

async function killer(bench: ConformanceBench): Promise<void> {
  const [kills, ...others] = bench.events(3);
  if (!kills) return;
  bench.plan.let(kills.id, { kind: 'kills its connection' });
  await bench.start();
  await bench.produce(kills, ...others);
  await bench.takesEffect(...others);
  await bench.dies(kills);
  expect(await bench.effectsOf(kills)).toEqual([]);
}

async function crashAfterDeadLetter(bench: ConformanceBench): Promise<void> {
  const [failing] = bench.events(1);
  if (!failing) return;
  bench.plan.let(failing.id, { kind: 'is fatal' });
  const member = await bench.start();
  bench.killAt('failure.published');
  await bench.produce(failing);
  await bench.place.reach(() => expect(member.fatal).toHaveLength(1));
  const row = 'SELECT state, acked FROM failed_event';
  expect(await bench.database.rows(row)).toEqual([{ state: 'dying', acked: false }]);
  const calls = bench.plan.callsOf(failing.id).length;
  bench.plan.mend();
  await bench.succeed(member);
  await bench.dies(failing);
  expect(await bench.database.rows(row)).toEqual([{ state: 'dead', acked: true }]);
  await bench.catchesUp();
  // The event left the happy path: its handler is not asked again, although it would succeed now.
  expect(bench.plan.callsOf(failing.id)).toHaveLength(calls);
  expect(await bench.effectsOf(failing)).toEqual([]);
  const letters = await bench.deadLetters();
  expect(new Set(letters.map(({ headers }) => String(headers[EventHeader.id])))).toEqual(
    new Set([failing.id]),
  );
}

/** The way of an event that its handler cannot take. */
export const failureCases = [
  clause('an event that fails for a while takes effect once, later', retriedThenDone),
  clause('an exhausted event is a dead letter with all headers', exhausted),
  clause('a fatal error is a dead letter at once', fatal),
  virtualClause('a handler that hangs loses its transaction, and the event is tried again', hanging),
  clause('an event that kills its connection each time is a dead letter and stops nobody', killer),
  clause('a crash after the dead letter was acknowledged leaves one dead event', crashAfterDeadLetter),
];
