import { histogram } from '../instrument.js';

/** Part of an event's way: outbox → Kafka, Kafka → consumer, the handling, and all of it. */
export type LatencyStage = 'capture' | 'deliver' | 'process' | 'total';

/**
 * Phase of a batch in its consumer: on its way from the broker (`fetch`), waiting in the partition's queue (`queue`), in
 * its handlers (`handle`), in the rest of its transaction (`db`), and until its offsets are committed (`commit`).
 */
export type BatchPhase = 'fetch' | 'queue' | 'handle' | 'db' | 'commit';

const latency = histogram('millrace.event.latency');
const phases = histogram('millrace.consumer.phase.duration');

/** Notes how long an event spent in a stage, in seconds; clocks that disagree count as 0. */
export function recordLatency(
  labels: { readonly group: string; readonly type: string; readonly stage: LatencyStage },
  seconds: number,
): void {
  latency().record(Math.max(0, seconds), labels);
}

/** Notes how long a batch spent in a phase, in seconds; clocks that disagree count as 0. */
export function recordPhase(group: string, phase: BatchPhase, seconds: number): void {
  phases().record(Math.max(0, seconds), { group, phase });
}
