import type { BenchRow, Better } from './benchmark.js';
import { median, sampleOf } from './statistics.js';

/** What a row says beside its numbers. */
export interface RowTitle {
  readonly what: string;
  readonly unit: string;
  readonly better: Better;
  readonly peerName: string;
  /** Bound of the ratio; null for a row that only informs. @default null */
  readonly target?: number | null;
  /** Bound of our own median, in the row's unit. @default null */
  readonly limit?: number | null;
}

/** The row of two sides whose values belong together pair by pair, or of our side alone. */
export function rowOf(
  { target = null, limit = null, ...title }: RowTitle,
  ours: readonly number[],
  peer: readonly number[] | null,
): BenchRow {
  const ratio = peer && median(ours.map((value, index) => value / (peer[index] ?? Number.NaN)));
  const samples = { ours: sampleOf(ours), peer: peer && sampleOf(peer) };
  const keeps = (value: number | null, bound: number) =>
    value !== null && (title.better === 'higher' ? value >= bound : value <= bound);
  const kept = [
    ...(target === null ? [] : [keeps(ratio, target)]),
    ...(limit === null ? [] : [keeps(samples.ours.median, limit)]),
  ];
  return {
    ...title,
    ours: samples.ours.median,
    peer: samples.peer && samples.peer.median,
    ratio,
    target,
    limit,
    met: kept.length === 0 ? null : kept.every(Boolean),
    samples,
  };
}

/** Runs the sides in turn, round after round, so that what changes on the machine meets all of them alike. */
export async function interleaved<Measure, Name extends string>(
  rounds: number,
  sides: Readonly<Record<Name, () => Promise<Measure>>>,
  said: (round: number, side: Name, measure: Measure) => void,
): Promise<Record<Name, Measure[]>> {
  const names = Object.keys(sides) as Name[];
  const measures = Object.fromEntries(names.map((name) => [name, [] as Measure[]])) as Record<
    Name,
    Measure[]
  >;
  for (let round = 1; round <= rounds; round += 1) {
    for (const name of names) {
      const measure = await sides[name]();
      measures[name].push(measure);
      said(round, name, measure);
    }
  }
  return measures;
}
