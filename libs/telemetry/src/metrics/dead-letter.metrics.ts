import type { ConsumedFrom } from './consumer.metrics.js';
import { instrument } from './instrument.js';

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

const deadLetters = instrument((meter) =>
  meter.createCounter('millrace.dlq.messages', {
    description: 'Records sent to a dead-letter topic, by reason',
  }),
);

/** Counts a dead letter that the broker has acknowledged. */
export function countDeadLetter({ group, topic }: ConsumedFrom, reason: DeadLetterReason): void {
  deadLetters().add(1, { group, topic, reason });
}

/** Shows the counters at 0 before anything died: a series that is born at 1 has no increase for an alert to see. */
export function preregisterDeadLetters(group: string, topics: readonly string[]): void {
  for (const topic of topics) {
    for (const reason of DEAD_LETTER_REASONS) deadLetters().add(0, { group, topic, reason });
  }
}
