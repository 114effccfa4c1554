import type { Clock } from '../ports/clock.js';
import type { ReplayCounts } from '../ports/replay-ledger.js';
import type { CompleteReplayRequest } from './replay-request.js';

const POLL_MS = 200;

/** The bounds of a canary. */
export type CanaryBounds = Exclude<CompleteReplayRequest['canary'], false>;

/**
 * Waits for the results of what was sent so far. False, and at once when it is certain, when too many died again;
 * also when results are missing after the time: nobody drives them, or the consumer holds.
 */
export async function canaryLives(
  bounds: CanaryBounds,
  counts: () => Promise<ReplayCounts>,
  clock: Clock,
  signal: AbortSignal,
): Promise<boolean> {
  const deadline = clock.now() + bounds.withinMs;
  for (;;) {
    const { sent, done, failed } = await counts();
    if (failed > bounds.maxFailureRatio * (sent + done + failed)) return false;
    if (sent === 0) return true;
    if (clock.now() >= deadline) return false;
    await clock.sleep(POLL_MS, signal);
    signal.throwIfAborted();
  }
}
