/** First pause after a failure, in milliseconds. */
export const FIRST_BACKOFF_MS = 1_000;

/** Longest pause between two tries, in milliseconds. */
export const LONGEST_BACKOFF_MS = 30_000;

/** Pause in milliseconds after the n-th failure in a row (n ≥ 1): 1 s, doubled each time, at most 30 s. */
export function backoffMs(failures: number): number {
  return Math.min(FIRST_BACKOFF_MS * 2 ** (Math.max(failures, 1) - 1), LONGEST_BACKOFF_MS);
}
