import { expect } from '@jest/globals';
import type { ObservationPoint } from '@millrace/messaging';
import type { ConformanceBench, ConformanceEvent } from '../conformance-bench.js';
import { clause, gate } from './conformance-case.js';

async function duplicates(bench: ConformanceBench): Promise<void> {
  const [event, neighbour] = bench.events(2);
  if (!event || !neighbour) return;
  const elsewhere = { ...event, record: { ...event.record, partition: 1 } };
  await bench.produce(event, event, neighbour, event, elsewhere);
  await bench.start();
  await bench.takesEffect(event, neighbour);
  await bench.produce(event, elsewhere);
  await bench.catchesUp();
  await bench.takesEffect(event, neighbour);
  expect(bench.plan.callsOf(event.id)).toHaveLength(1);
}

function crashAt(point: ObservationPoint, committed: boolean) {
  return async (bench: ConformanceBench): Promise<void> => {
    const events = bench.events(5);
    const member = await bench.start();
    bench.killAt(point, { withDatabase: !committed });
    await bench.produce(...events);
    await bench.succeed(member);
    await bench.takesEffect(...events);
    await bench.catchesUp();
    await bench.takesEffect(...events);
    const [first] = events;
    // That it was delivered again makes the case one at all.
    expect(bench.database.claimsOf(first?.id ?? '')).toBeGreaterThan(1);
    if (committed) expect(bench.plan.callsOf(first?.id ?? '')).toHaveLength(1);
  };
}

/** Events of every partition. */
function everywhere(bench: ConformanceBench, count: number): ConformanceEvent[] {
  return [0, 1, 2].flatMap((partition) => bench.events(count, partition));
}

async function rebalance(bench: ConformanceBench): Promise<void> {
  const slow = gate();
  const inFlight = everywhere(bench, 4);
  inFlight.forEach(({ id }) => bench.plan.let(id, { kind: 'waits', until: slow.passed }));
  await bench.start();
  await bench.produce(...inFlight);
  const called = () =>
    new Set(
      inFlight.filter(({ id }) => bench.plan.callsOf(id).length > 0).map(({ record }) => record.partition),
    );
  // A call per partition: whichever the second member gets, its records are in flight with the first. Who waits for a
  // transaction to share begins one of its own after a while.
  await bench.place.reach(() => expect(called().size).toBeGreaterThan(0));
  await bench.place.pass(bench.options.sharedTimeoutMs);
  await bench.place.reach(() => expect(called()).toEqual(new Set([0, 1, 2])));
  const late = everywhere(bench, 4);
  await bench.produce(...late);
  // Nothing can be drained before a join: what is in flight with the first member is given to the second as well.
  const second = await bench.start();
  slow.open();
  await bench.takesEffect(...inFlight, ...late);
  const more = everywhere(bench, 4);
  await bench.produce(...more);
  await bench.stop(second);
  await bench.takesEffect(...inFlight, ...late, ...more);
  await bench.catchesUp();
  await bench.takesEffect(...inFlight, ...late, ...more);
}

async function cleanStop(bench: ConformanceBench): Promise<void> {
  const slow = gate();
  const events = everywhere(bench, 10);
  const [first] = events;
  if (first) bench.plan.let(first.id, { kind: 'waits', until: slow.passed });
  const member = await bench.start();
  await bench.produce(...events);
  await bench.place.reach(() => expect(bench.plan.callsOf(first?.id ?? '')).toHaveLength(1));
  const stopping = bench.stop(member);
  setImmediate(slow.open);
  await stopping;
  const before = await bench.effectsOf(...events);
  expect(before).toContain(first?.id);
  const claims = before.map((id) => bench.database.claimsOf(id));
  await bench.start();
  await bench.takesEffect(...events);
  await bench.catchesUp();
  await bench.takesEffect(...events);
  const redelivered = before.filter((id, index) => bench.database.claimsOf(id) !== claims[index]);
  expect(redelivered).toEqual([]);
}

/** What the inbox, the offsets and the membership owe an event. */
export const deliveryCases = [
  clause('a duplicate takes effect once', duplicates),
  clause('a crash before the commit of the effect leaves none behind', crashAt('batch.handled', false)),
  clause('a crash between effect and offset commit repeats nothing', crashAt('batch.committed', true)),
  clause('a rebalance in flight neither loses nor repeats an effect', rebalance),
  clause('a clean stop redelivers nothing', cleanStop),
];
