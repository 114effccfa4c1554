import { counter, observeGauges } from '../instrument.js';
import type { ConsumedFrom } from './consumer.metrics.js';

/** Why records die: the closed list that alerts and dashboards rely on. */
export const DEAD_LETTER_REASONS = [
  'DECODE',
  'CONTRACT',
  'FATAL',
  'EXHAUSTED',
  'EXPIRED',
  'FOLLOWER',
] as const;

/** One of the reasons why a record dies. */
export type DeadLetterReason = (typeof DEAD_LETTER_REASONS)[number];

/** The unresolved dead events of a topic. */
export interface DeadEvents {
  readonly topic: string;
  /** How many, by reason; a reason that is absent has none. */
  readonly unresolved: ReadonlyMap<string, number>;
  /** Time in seconds since the oldest of them died; 0 when there is none. */
  readonly oldestSeconds: number;
}

const deadLetters = counter('millrace.dlq.messages');
const retries = counter('millrace.retry.messages');
const replays = counter('millrace.replay.messages');

/** Counts a dead letter that the broker has acknowledged. */
export function countDeadLetter({ group, topic }: ConsumedFrom, reason: DeadLetterReason, count = 1): void {
  deadLetters().add(count, { group, topic, reason });
}

/** Counts a record that was sent to the retry topic of that delay (`5s`). */
export function countRetry({ group, topic }: ConsumedFrom, delay: string, count = 1): void {
  retries().add(count, { group, topic, delay });
}

/** Counts a dead event that was given to a replay. */
export function countReplay({ group, topic }: ConsumedFrom, count = 1): void {
  replays().add(count, { group, topic });
}

/** Shows the counters at 0 before anything failed; `delays` are those of the group's retry topics. */
export function preregisterFailures(
  group: string,
  topics: readonly string[],
  delays: readonly string[],
): void {
  for (const topic of topics) {
    const from = { group, topic };
    for (const reason of DEAD_LETTER_REASONS) countDeadLetter(from, reason, 0);
    for (const delay of delays) countRetry(from, delay, 0);
    countReplay(from, 0);
  }
}

/**
 * Has every scrape read the unresolved dead events, of every topic and reason each time, also where there is none;
 * undefined while nobody has looked. Returns the function that ends it.
 */
export function observeDeadEvents(group: string, read: () => readonly DeadEvents[] | undefined): () => void {
  return observeGauges(['millrace.dlq.unresolved', 'millrace.dlq.oldest.age'], (observe) => {
    for (const { topic, unresolved, oldestSeconds } of read() ?? []) {
      for (const reason of DEAD_LETTER_REASONS)
        observe('millrace.dlq.unresolved', unresolved.get(reason) ?? 0, { group, topic, reason });
      observe('millrace.dlq.oldest.age', oldestSeconds, { group, topic });
    }
  });
}
