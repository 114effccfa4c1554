import { counter } from './instrument.js';

const written = counter('millrace.outbox.written');

/** Counts events written to the outbox, by topic. */
export function countOutboxWritten(topic: string, count = 1): void {
  written().add(count, { topic });
}

/** Shows the counters of these topics at 0 before anything is written. */
export function preregisterOutbox(topics: readonly string[]): void {
  topics.forEach((topic) => countOutboxWritten(topic, 0));
}
