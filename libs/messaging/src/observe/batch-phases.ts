import { recordPhase } from '@millrace/telemetry';
import type { QueuedRecord } from '../record/work-item.js';

/**
 * Notes what a batch of the live flow has waited for, as far as its first record tells: on its way from the broker, and
 * in its partition's queue.
 */
export function notePhasesBefore(batch: readonly QueuedRecord[], group: string, now: number): void {
  const [first] = batch;
  if (first?.origin.kind !== 'source') return;
  recordPhase(group, 'fetch', (first.receivedAt - first.record.timestamp) / 1_000);
  recordPhase(group, 'queue', (now - first.receivedAt) / 1_000);
}

/** Notes where the time of a committed transaction went: its handlers, and the rest. All in milliseconds. */
export function notePhasesWithin(group: string, handledMs: number, wholeMs: number): void {
  recordPhase(group, 'handle', handledMs / 1_000);
  recordPhase(group, 'db', (wholeMs - handledMs) / 1_000);
}
