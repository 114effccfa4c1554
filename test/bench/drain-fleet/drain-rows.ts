import type { BenchRow } from '../harness/benchmark.js';
import { rowOf } from '../harness/comparison.js';
import type { Drained } from './drain-run.js';

const TWIN = 'a transaction per message';
/** Events per second of one process. */
const GOAL = 25_000;
const TIMES_THE_TWIN = 15;

/** Drains of one consumer alone, by side. */
export type AloneDrains = Readonly<Record<'ours' | 'loop' | 'naive' | 'naiveDefault', readonly Drained[]>>;

/** Drains of all consumers at once, by side. */
export type FiveDrains = Readonly<Record<'ours' | 'naive', readonly Drained[]>>;

/** The rows of the benchmark. */
export function drainRows(alone: AloneDrains, five: FiveDrains): BenchRow[] {
  const rate = { unit: 'events/s', better: 'higher' } as const;
  const one = { ...rate, what: 'one consumer alone' };
  const each = { ...rate, what: 'each of five at once, mean' };
  const ours = alone.ours.map(meanRate);
  return [
    rowOf({ ...one, peerName: TWIN, target: TIMES_THE_TWIN }, ours, alone.naive.map(meanRate)),
    rowOf({ ...one, peerName: `${TWIN}, Nest's default` }, ours, alone.naiveDefault.map(meanRate)),
    rowOf({ ...one, peerName: 'eachBatch, our statements' }, ours, alone.loop.map(meanRate)),
    rowOf(
      { ...one, peerName: 'the goal', target: 1 },
      ours,
      ours.map(() => GOAL),
    ),
    rowOf(
      { ...each, peerName: TWIN, target: TIMES_THE_TWIN },
      five.ours.map(meanRate),
      five.naive.map(meanRate),
    ),
    ...Object.keys(five.ours[0]?.rates ?? {}).map((service) =>
      rowOf(
        { ...rate, what: `${service} among five`, peerName: TWIN },
        five.ours.map(({ rates }) => rates[service] ?? Number.NaN),
        five.naive.map(({ rates }) => rates[service] ?? Number.NaN),
      ),
    ),
  ];
}

function meanRate({ rates }: Drained): number {
  const all = Object.values(rates);
  return all.reduce((sum, rate) => sum + rate, 0) / all.length;
}
