import type { Effect } from '../load/order-effects.js';
import { median } from '../harness/statistics.js';

/** Time from an order's commit until the last service has committed its effect, by order; milliseconds. */
export function completionTimes(effects: readonly Effect[]): number[] {
  const slowest = new Map<string, number>();
  for (const { eventId, placedAt, committedAt } of effects) {
    slowest.set(eventId, Math.max(slowest.get(eventId) ?? 0, committedAt - placedAt));
  }
  return [...slowest.values()];
}

/** The smallest value that at least that share (0 to 1) of the values does not exceed; throws for none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  if (value === undefined) throw new RangeError('there is no percentile of no values');
  return value;
}

/** Where the time of an effect goes: medians of its parts, in a few words. */
export function partsText(effects: readonly Effect[], captured: ReadonlyMap<string, number>): string {
  const seen = effects.flatMap((effect) => {
    const capturedAt = captured.get(effect.eventId);
    return capturedAt === undefined ? [] : [{ ...effect, capturedAt }];
  });
  if (seen.length === 0) return 'no record was seen';
  const parts = {
    'commit → captured': seen.map(({ placedAt, capturedAt }) => capturedAt - placedAt),
    'captured → received': seen.map(({ capturedAt, receivedAt }) => receivedAt - capturedAt),
    'received → effect committed': seen.map(({ receivedAt, committedAt }) => committedAt - receivedAt),
  };
  const text = Object.entries(parts).map(([name, times]) => `${name} ${median(times).toFixed(1)} ms`);
  return text.join(', ');
}

/** The services by the median time of their effects, slowest first, in a few words. */
export function servicesText(effects: readonly Effect[]): string {
  const byService = Map.groupBy(effects, ({ service }) => service);
  return [...byService]
    .map(([service, own]) => [service, median(own.map((one) => one.committedAt - one.placedAt))] as const)
    .toSorted(([, a], [, b]) => b - a)
    .map(([service, time]) => `${service} ${time.toFixed(1)} ms`)
    .join(', ');
}
