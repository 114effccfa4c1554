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
}

/** The row of two sides whose values belong together pair by pair. */
export function rowOf(title: RowTitle, ours: readonly number[], peer: readonly number[]): BenchRow {
  const ratio = median(ours.map((value, index) => value / (peer[index] ?? Number.NaN)));
  const target = title.target ?? null;
  const samples = { ours: sampleOf(ours), peer: sampleOf(peer) };
  const kept = target !== null && (title.better === 'higher' ? ratio >= target : ratio <= target);
  return {
    ...title,
    ours: samples.ours.median,
    peer: samples.peer.median,
    ratio,
    target,
    met: target === null ? null : kept,
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
