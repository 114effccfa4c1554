import { parseArgs } from 'node:util';
import { BenchError } from './harness/bench.error.js';

/** What `npm run bench` was asked. */
export interface BenchArguments {
  /** Names of the benchmarks to run, in the order of the list. */
  readonly names: readonly string[];
  /** Exit code 1 when a target is missed. */
  readonly strict: boolean;
  readonly profile: boolean;
  readonly help: boolean;
  /** Interleaved pairs. */
  readonly pairs: number;
}

/** The options of the command, a line each. */
export const BENCH_USAGE = `npm run bench -- [NAME …] [options]
  --strict      exit code 1 when a target is missed
  --profile     adds a run of each side under the profiler and shows where its time goes
  --pairs N     interleaved pairs, 1 to 25 (default 5)
  --help        shows this list`;

const DEFAULT_PAIRS = '5';

/** Reads the arguments; no name means all. Throws `BenchError` ARGUMENTS, with the list of what exists. */
export function parseBenchArguments(args: readonly string[], known: readonly string[]): BenchArguments {
  const { values, positionals } = parse(args);
  const unknown = positionals.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new BenchError(
      'ARGUMENTS',
      `There is no benchmark '${unknown.join("', '")}': choose from ${known.join(', ')}.`,
    );
  }
  return {
    names: positionals.length === 0 ? known : known.filter((name) => positionals.includes(name)),
    strict: values.strict ?? false,
    profile: values.profile ?? false,
    help: values.help ?? false,
    pairs: pairsOf(values.pairs ?? DEFAULT_PAIRS),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        strict: { type: 'boolean' },
        profile: { type: 'boolean' },
        help: { type: 'boolean' },
        pairs: { type: 'string' },
      },
    });
  } catch (error) {
    const [first = ''] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new BenchError('ARGUMENTS', `${first}. This is what there is:\n${BENCH_USAGE}`);
  }
}

function pairsOf(text: string): number {
  const pairs = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (pairs < 1 || pairs > 25) {
    throw new BenchError(
      'ARGUMENTS',
      `'--pairs ${text}' is not understood: say a whole number from 1 to 25.`,
    );
  }
  return pairs;
}
