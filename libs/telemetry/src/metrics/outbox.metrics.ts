import { instrument } from './instrument.js';

const written = instrument((meter) =>
  meter.createCounter('millrace.outbox.written', { description: 'Events written to the outbox' }),
);

/** Counts events written to the outbox, by topic. */
export function countOutboxWritten(topic: string, count = 1): void {
  written().add(count, { topic });
}
