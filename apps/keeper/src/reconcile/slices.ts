import type { IdRange } from './store/outbox-event-store.js';

/** Parts of a range of at most that many milliseconds, oldest first. */
export function slicesOf({ from, to }: IdRange, ms: number): readonly IdRange[] {
  const parts = Math.max(0, Math.ceil((to - from) / ms));
  return Array.from({ length: parts }, (_, index) => ({
    from: from + index * ms,
    to: Math.min(to, from + (index + 1) * ms),
  }));
}
