import { median } from '../harness/statistics.js';
import type { PhaseMeasure } from '../load/load-task.js';

/** CPU time by process per 1,000 orders, in a few words: where the time goes. */
export function cpuText(phases: readonly PhaseMeasure[]): string {
  const names = Object.keys(phases[0]?.usage ?? {});
  if (names.length === 0) return 'this system does not tell what processes use';
  const perThousand = (name: string) =>
    median(phases.map(({ usage, orders }) => ((usage[name]?.cpuSeconds ?? Number.NaN) * 1e6) / orders));
  return names.map((name) => `${name} ${perThousand(name).toFixed(0)} ms`).join(', ');
}

/** Busy share of the generator: near 1 it measures itself. */
export function generatorText(phases: readonly PhaseMeasure[]): string {
  const share = median(
    phases.map(
      ({ usage, from, until }) => ((usage['load']?.cpuSeconds ?? Number.NaN) * 1_000) / (until - from),
    ),
  );
  return Number.isNaN(share) ? 'unknown' : `${(share * 100).toFixed(0)}% of a core`;
}
