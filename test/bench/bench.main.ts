import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { BENCH_USAGE, parseBenchArguments, type BenchArguments } from './bench-arguments.js';
import { BENCHMARKS } from './benchmarks.js';
import { BenchError } from './harness/bench.error.js';
import { BenchStack } from './harness/bench-stack.js';
import type { Benchmark, BenchRow } from './harness/benchmark.js';
import { endContestants } from './harness/contestant.js';
import { loadNow, thisMachine, versionsOf, type Versions } from './harness/machine.js';
import { writeResult } from './harness/result-file.js';
import { tableOf } from './harness/table.js';

const ROOT = join(import.meta.dirname, '..', '..');
const RESULTS = join(import.meta.dirname, 'results');
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const [RAN, FAILED, NOT_UNDERSTOOD, INTERRUPTED] = [0, 1, 2, 130] as const;

process.exit(await main(process.argv.slice(2)));

/** Runs the command to its end; returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const stopping = new AbortController();
  stopping.signal.addEventListener('abort', endContestants);
  for (const signal of STOP_SIGNALS) process.on(signal, () => stopping.abort());
  try {
    const names = BENCHMARKS.map(({ name }) => name);
    const asked = parseBenchArguments(args, names);
    if (asked.help) say(`${BENCH_USAGE}\n\nBenchmarks: ${names.join(', ')}`);
    return asked.help ? RAN : await run(asked, stopping.signal);
  } catch (error) {
    if (stopping.signal.aborted) {
      say('\nInterrupted; everything is stopped.');
      return INTERRUPTED;
    }
    process.stderr.write(`\n${error instanceof BenchError ? error.message : String(stackOf(error))}\n`);
    return error instanceof BenchError && error.code === 'ARGUMENTS' ? NOT_UNDERSTOOD : FAILED;
  }
}

async function run(asked: BenchArguments, signal: AbortSignal): Promise<number> {
  mkdirSync(RESULTS, { recursive: true });
  say('The stack of this run is getting ready:');
  const stack = await BenchStack.start({ root: ROOT, say: step, signal });
  try {
    const versions = await versionsOf(ROOT, stack.local.postgres);
    const rows: BenchRow[] = [];
    for (const benchmark of BENCHMARKS.filter(({ name }) => asked.names.includes(name)))
      rows.push(...(await measure(benchmark, stack, asked, versions)));
    const missed = rows.filter(({ met }) => met === false).length;
    say(missed === 0 ? '\nEvery target is met.' : `\nTargets missed: ${missed}.`);
    return asked.strict && missed > 0 ? FAILED : RAN;
  } finally {
    await stack.close();
  }
}

async function measure(
  benchmark: Benchmark,
  stack: BenchStack,
  { pairs, profile }: BenchArguments,
  versions: Versions,
): Promise<readonly BenchRow[]> {
  say(`\n${benchmark.name}: ${benchmark.question}`);
  await stack.capture(benchmark.capture);
  const [startedAt, before] = [new Date(), loadNow()];
  const outcome = await benchmark.run(stack, { pairs, profile, results: RESULTS, say: step });
  const seconds = Math.round((Date.now() - startedAt.getTime()) / 1_000);
  const file = writeResult(RESULTS, {
    name: benchmark.name,
    at: startedAt.toISOString(),
    machine: thisMachine(),
    ...outcome,
    versions,
    load: { before, after: loadNow() },
    seconds,
  });
  say(`\n${tableOf(outcome)}\n  (${seconds} s; ${relative(ROOT, file)})`);
  return outcome.rows;
}

function stackOf(error: unknown): unknown {
  return error instanceof Error ? (error.stack ?? error.message) : error;
}

function step(text: string): void {
  say(`  ${text}`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
