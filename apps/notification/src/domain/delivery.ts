/**
 * How an attempt to send failed: the server refused this mail for good, it refused for now, or nobody knows
 * because the server was not there or the connection broke.
 */
export type DeliveryFailure = 'rejected' | 'deferred' | 'unreachable';

/** What becomes of a mail after a failed attempt. */
export type AfterFailure =
  { readonly state: 'queued'; readonly delayMs: number } | { readonly state: 'failed' };

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = { deferred: 300_000, unreachable: 5_000 };
const MOST_DEFERRALS = 15;

/**
 * Decides after the given attempt, counted from 1. A server that is away is waited for without end and found again
 * within seconds; one that says `later` is asked ever more rarely, 15 times; a definite no is final. A mail whose
 * connection broke may have been taken: it is sent again, at least once being the workflow's policy.
 */
export function afterFailure(failure: DeliveryFailure, attempt: number): AfterFailure {
  if (failure === 'rejected') return { state: 'failed' };
  if (failure === 'deferred' && attempt >= MOST_DEFERRALS) return { state: 'failed' };
  const doubled = FIRST_DELAY_MS * 2 ** Math.min(attempt - 1, 20);
  return { state: 'queued', delayMs: Math.min(doubled, LONGEST_DELAY_MS[failure]) };
}
