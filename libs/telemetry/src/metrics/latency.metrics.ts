import { instrument, LATENCY_BUCKETS } from './instrument.js';

/** Part of an event's way: outbox → Kafka, Kafka → consumer, the handling, and all of it. */
export type LatencyStage = 'capture' | 'deliver' | 'process' | 'total';

const latency = instrument((meter) =>
  meter.createHistogram('millrace.event.latency', {
    unit: 's',
    description: 'Time from the write of an event to its effect, by stage',
    advice: { explicitBucketBoundaries: LATENCY_BUCKETS },
  }),
);

/** Notes how long an event spent in a stage, in seconds; clocks that disagree count as 0. */
export function recordLatency(
  labels: { readonly group: string; readonly type: string; readonly stage: LatencyStage },
  seconds: number,
): void {
  latency().record(Math.max(0, seconds), labels);
}
