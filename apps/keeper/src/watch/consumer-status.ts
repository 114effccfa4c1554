/** How a group stands on a partition, by Burrow's rules. */
export const CONSUMER_STATUSES = ['ok', 'warn', 'stop', 'stall', 'rewind'] as const;

/**
 * How a group stands on a partition: `ok` it keeps up, or catches up · `warn` it falls behind · `stop` it is behind and
 * has no members · `stall` it is behind, has members and does not move · `rewind` it is behind because it went back.
 */
export type ConsumerStatus = (typeof CONSUMER_STATUSES)[number];

/** What one look saw of a group on a partition. */
export interface Sample {
  /** When, milliseconds since the epoch. */
  readonly at: number;
  /** Offset of the next record to read. */
  readonly committed: bigint;
  /** Records from there to the end. */
  readonly lag: number;
  /** Age of the first of them in milliseconds; 0 without lag. */
  readonly headAgeMs: number;
  /** Members of the group. */
  readonly members: number;
}

/** What is asked of a window of samples. */
export interface StatusRules {
  /** A lag whose first record is not older is none: commits come every second, and the age is known to a look. */
  readonly allowedAgeMs: number;
  /** Time that the window must span in milliseconds; nothing is said of less. */
  readonly windowMs: number;
}

/**
 * Judges a window of at least two samples, oldest first, by the first rule that applies:
 *
 * 1. no lag worth the name at any point, or too short a window → ok
 * 2. went back behind `peak`, the furthest position ever seen, and has not recovered → rewind
 * 3. no members → stop
 * 4. has not moved → stall
 * 5. the lag never became less → warn, otherwise → ok
 */
export function consumerStatus(
  window: readonly Sample[],
  peak: bigint,
  { allowedAgeMs, windowMs }: StatusRules,
): ConsumerStatus {
  const [first, last] = [window[0], window.at(-1)];
  if (!first || !last || last.at - first.at < windowMs) return 'ok';
  if (window.some(({ lag, headAgeMs }) => lag === 0 || headAgeMs <= allowedAgeMs)) return 'ok';
  if (last.committed < peak) return 'rewind';
  if (last.members === 0) return 'stop';
  if (window.every(({ committed }) => committed === first.committed)) return 'stall';
  const eased = window.some(({ lag }, index) => lag < (window[index - 1]?.lag ?? 0));
  return eased ? 'ok' : 'warn';
}
