import { BenchError } from '../harness/bench.error.js';
import { median } from '../harness/statistics.js';
import { Companion } from '../harness/companion.js';
import type { BenchDatabase } from '../watch/bench-database.js';
import { cpuText, cpuTimes } from '../watch/cpu-time.js';
import type { FleetSide } from './fleet-side.js';
import { LagProbe, type OrderLatency } from './lag-probe.js';
import type { LoadTask } from './load-task.js';
import { RateSearch } from './rate-search.js';
import { Trials, type Trial } from './trials.js';

/** More than answers are ever outstanding at a rate that is kept: the source of load must not be what limits it. */
const CONNECTIONS = 512;
const [WARM_S, STEP_S, PROOF_S] = [10, 4, 30] as const;
/** A rate that held for a few seconds and not for 30 is tried again that much lower. */
const LOWER = 0.85;
/** One that held may not be the highest: processes become faster while they run, and the search is older. */
const HIGHER = 1.2;
/** No proof of a higher rate begins after that time, in milliseconds, so that both sides are done in four minutes. */
const NO_HIGHER_AFTER_MS = 75_000;

/** The highest rate of a fleet, and its way of 30 seconds. */
export interface HighestRate {
  readonly proof: Trial;
  /** Of the sampled orders of those seconds. */
  readonly latencies: readonly OrderLatency[];
  /** CPU time by process in those seconds, in a few words. */
  readonly cpu: string;
}

/** Searches the highest rate of orders that a fleet keeps for 30 s; throws `BenchError` INCORRECT when there is none. */
export async function highestRate(
  side: FleetSide,
  database: BenchDatabase,
  say: (step: string) => void,
): Promise<HighestRate> {
  const startedAt = performance.now();
  try {
    const url = await side.start();
    const program = new URL('./load.main.ts', import.meta.url);
    const load = await Companion.start({ program }, { url, connections: CONNECTIONS } satisfies LoadTask);
    try {
      const probe = new LagProbe(side, database);
      const trials = new Trials(load, probe);
      const best = await searched(side, trials, say);
      const found = await proven(side, { trials, probe, load, say, startedAt }, best);
      await probe.verify();
      return found;
    } finally {
      await load.stop();
    }
  } finally {
    await side.stop();
  }
}

async function searched(side: FleetSide, trials: Trials, say: (step: string) => void): Promise<number> {
  await trials.warmUp(side.firstRate, WARM_S);
  const search = new RateSearch(side.firstRate);
  for (let rate = search.next; rate !== undefined; rate = search.next) {
    // A few seconds may meet a checkpoint or a neighbour: a rate is missed when it is missed twice.
    let kept = false;
    for (let tries = 0; tries < 2 && !kept; tries += 1) {
      const trial = await trials.run(rate, STEP_S);
      say(`${side.name}: ${textOf(trial)}`);
      kept = trial.kept;
    }
    search.tell(rate, kept);
  }
  if (search.best === undefined) throw new BenchError('INCORRECT', `${side.name} keeps no rate of orders`);
  return search.best;
}

interface Proving {
  readonly trials: Trials;
  readonly probe: LagProbe;
  readonly load: Companion;
  readonly say: (step: string) => void;
  /** By the clock of `performance`. */
  readonly startedAt: number;
}

async function proven(side: FleetSide, proving: Proving, best: number): Promise<HighestRate> {
  let highest: HighestRate | undefined;
  for (let rate = best; rate >= 1;) {
    const found = await proof(side, proving, rate);
    if (found) highest = found;
    const climbs = found && performance.now() - proving.startedAt < NO_HIGHER_AFTER_MS;
    if (highest && !climbs) return highest;
    rate = Math.floor(rate * (found ? HIGHER : LOWER));
  }
  throw new BenchError('INCORRECT', `${side.name} keeps no rate of orders for ${PROOF_S} s`);
}

async function proof(
  side: FleetSide,
  { trials, probe, load, say }: Proving,
  rate: number,
): Promise<HighestRate | undefined> {
  const pids = { ...side.pids(), ...(load.pid !== undefined && { 'source of load': load.pid }) };
  const [startedAt, before] = [performance.now(), cpuTimes(pids)];
  const trial = await trials.run(rate, PROOF_S);
  const cpu = cpuText(before, cpuTimes(pids), (performance.now() - startedAt) / 1_000);
  say(`${side.name}, ${PROOF_S} s: ${textOf(trial)}`);
  if (!trial.kept) return undefined;
  await trials.calm();
  return { proof: trial, cpu, latencies: await probe.latencies(trial.samples) };
}

function textOf({ rate, kept, why, accepted, lags }: Trial): string {
  const lag = `lag ${median(lags).toFixed(0)} ms, at most ${Math.max(...lags).toFixed(0)} ms`;
  return `${rate} orders/s ${kept ? 'kept' : `missed: ${why}`} (${accepted.toFixed(0)}/s accepted, ${lag})`;
}
