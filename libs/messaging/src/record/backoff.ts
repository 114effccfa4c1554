import type { CompleteConsumerOptions } from '../api/consumer-options.js';

/**
 * Pause in milliseconds after that many failed tries of a record: doubling, with jitter ("equal jitter" of Brooker's
 * "Exponential Backoff And Jitter"), such that the pauses of all tries together stay below `triesWithinMs`.
 */
export function backoff(
  failed: number,
  { tries, triesWithinMs }: Pick<CompleteConsumerOptions, 'tries' | 'triesWithinMs'>,
): number {
  if (tries < 2) return 0;
  const share = 2 ** (failed - 1) / (2 ** (tries - 1) - 1);
  return triesWithinMs * share * (0.5 + Math.random() / 2);
}

/** Pause in milliseconds after that many failed attempts: local pauses, then the plan; undefined when used up. */
export function pauseAfter(
  failed: number,
  options: Pick<CompleteConsumerOptions, 'tries' | 'triesWithinMs' | 'retry'>,
): number | undefined {
  if (failed < options.tries) return backoff(failed, options);
  return options.retry.delays[failed - options.tries]?.milliseconds;
}
