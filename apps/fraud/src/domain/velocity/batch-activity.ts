import { COUNTED_OTHERS, type ActivityWindow } from './activity-window.js';

/** What one order adds to one of its keys. */
export interface Activity {
  /** The key, in whatever spelling identifies it. */
  readonly key: string;
  /** Event time, milliseconds since the epoch. */
  readonly placedAtMs: number;
  readonly currency: string;
  readonly totalMinor: number;
  /** Value that DISTINCT counts; unset when the order does not tell it. */
  readonly other?: string;
}

/** Orders of a key in a window that were decided before. */
export interface Earlier {
  readonly orders: number;
  /** Sum of the totals in the asking order's currency. */
  readonly sumMinor: bigint;
  /** The smallest of those totals; unset when there is none. */
  readonly leastMinor?: number;
  /** Distinct values beside the key, at most `COUNTED_OTHERS`. */
  readonly others: readonly string[];
}

/** What a window holds at the moment of a decision, the order itself included. */
export interface Measures {
  readonly orders: number;
  /** Sum of the totals in the order's currency, as decimal text: it may pass 2^53. */
  readonly sumMinor: string;
  /** Number of distinct values beside the key; counting stops at `COUNTED_OTHERS`. Unset when the order tells none. */
  readonly others?: number;
  /** Smallest total in the order's currency that was decided before; unset when there is none. */
  readonly leastMinor?: number;
}

/** No order was decided before. */
export const nothingEarlier: Earlier = { orders: 0, sumMinor: 0n, others: [] };

/**
 * Completes what the store knows of a window: adds the orders of the same key that come earlier in the same batch,
 * which the store has not seen yet, and the order itself.
 */
export function measure(
  self: Activity,
  window: ActivityWindow,
  stored: Earlier,
  inBatch: readonly Activity[],
): Measures {
  const inside = inBatch.filter((other) => other.key === self.key && reaches(window, self, other));
  const sameCurrency = inside.filter(({ currency }) => currency === self.currency);
  const totals = sameCurrency.map(({ totalMinor }) => totalMinor);
  const all = [...inside, self];
  const others = new Set([...stored.others, ...all.flatMap(({ other }) => other ?? [])]).size;
  const least = Math.min(stored.leastMinor ?? Number.POSITIVE_INFINITY, ...totals);
  const sum = [...totals, self.totalMinor].reduce((total, one) => total + BigInt(one), stored.sumMinor);
  return {
    orders: stored.orders + all.length,
    sumMinor: sum.toString(),
    ...(self.other === undefined ? {} : { others: Math.min(others, COUNTED_OTHERS) }),
    ...(Number.isFinite(least) ? { leastMinor: least } : {}),
  };
}

function reaches({ beforeMs, afterMs }: ActivityWindow, self: Activity, other: Activity): boolean {
  const distance = other.placedAtMs - self.placedAtMs;
  return distance >= -beforeMs && distance <= afterMs;
}
