import type { BenchStack } from './bench-stack.js';

/** Whether more or less of a unit is better. */
export type Better = 'higher' | 'lower';

/** What every repetition of one side measured, and the number that stands for them. */
export interface Sample {
  /** One number per repetition, in order. */
  readonly values: readonly number[];
  readonly median: number;
  /** Distance between the lowest and the highest value, as a share of the median. */
  readonly spread: number;
}

/** One comparison, as the table shows it and the result file keeps it. */
export interface BenchRow {
  readonly what: string;
  /** Unit of `ours` and `peer`. */
  readonly unit: string;
  readonly better: Better;
  /** Median of our side. */
  readonly ours: number;
  /** Median of the other side; null when there is none. */
  readonly peer: number | null;
  /** What ours is compared with. */
  readonly peerName: string;
  /** Median of the pairs' own ratios, ours over peer: what drifts during a run meets both sides of a pair alike. */
  readonly ratio: number | null;
  /** Bound of the ratio, a least one when higher is better and a most otherwise; null when a row only informs. */
  readonly target: number | null;
  /** Bound of our own median, in the row's unit; null without one. */
  readonly limit: number | null;
  /** Whether ratio and median keep their bounds; null without any. */
  readonly met: boolean | null;
  readonly samples: { readonly ours: Sample; readonly peer: Sample | null };
}

/** What a benchmark found out. */
export interface BenchOutcome {
  readonly rows: readonly BenchRow[];
  /** Sentences that a reader of the numbers needs: what was held equal, where the time goes. */
  readonly notes: readonly string[];
}

/** How the person at the terminal wants it run. */
export interface BenchRequest {
  /** Interleaved pairs. */
  readonly pairs: number;
  /** Adds one run of our side under the profiler, and where its time goes to the notes. */
  readonly profile: boolean;
  /** Folder of the results. */
  readonly results: string;
  /** Tells what is being done, in a few words. */
  readonly say: (step: string) => void;
}

/** A comparison of Millrace with what people would otherwise use. */
export interface Benchmark {
  readonly name: string;
  /** One sentence: what is compared with what. */
  readonly question: string;
  /** Whether capture must run: Kafka Connect and the keeper; without it only Postgres and Kafka do. */
  readonly capture: boolean;
  run(stack: BenchStack, request: BenchRequest): Promise<BenchOutcome>;
}
