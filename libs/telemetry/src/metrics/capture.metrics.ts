import type { BatchObservableResult } from '@opentelemetry/api';
import { instrument } from './instrument.js';

/** A partition table of a schema that keeps partitions beyond their time. */
export interface OverduePartitions {
  readonly schema: string;
  readonly table: string;
  readonly count: number;
}

/** How capture is doing at the moment. */
export interface CaptureMeasures {
  /** Name of the replication slot. */
  readonly slot: string;
  readonly present: boolean;
  readonly active: boolean;
  /** Whether the server gave the slot's WAL up. */
  readonly lost: boolean;
  /** Whether the slot is the keepers' own and nobody has to recover. */
  readonly trusted: boolean;
  readonly lagBytes: number;
  /** Age in seconds of the oldest outbox row that the slot has not confirmed, by schema; 0 when there is none. */
  readonly oldestSeconds: ReadonlyMap<string, number>;
  readonly overdue: readonly OverduePartitions[];
}

const gauges = instrument((meter) => ({
  meter,
  oldest: meter.createObservableGauge('millrace.outbox.oldest.unpublished', {
    unit: 's',
    description:
      'Age of the oldest outbox row that the slot has not confirmed, at most; 0 when there is none',
  }),
  present: meter.createObservableGauge('millrace.slot.present', {
    description: 'Whether the replication slot exists',
  }),
  active: meter.createObservableGauge('millrace.slot.active', {
    description: 'Whether somebody reads the replication slot',
  }),
  lost: meter.createObservableGauge('millrace.slot.lost', {
    description: 'Whether the server has given up the WAL that the slot needs',
  }),
  trusted: meter.createObservableGauge('millrace.slot.trusted', {
    description: 'Whether the slot is the one that the keeper made; 0 asks for keeper recover',
  }),
  lag: meter.createObservableGauge('millrace.slot.lag', {
    unit: 'By',
    description: 'WAL that the slot has not confirmed',
  }),
  overdue: meter.createObservableGauge('millrace.partitions.overdue', {
    description: 'Day partitions that should have been dropped more than a day ago',
  }),
}));

/** Has every scrape read how capture is doing; returns the function that ends it. */
export function observeCapture(read: () => CaptureMeasures): () => void {
  const { meter, ...all } = gauges();
  const observe = (result: BatchObservableResult): void => {
    const { slot, oldestSeconds, overdue, lagBytes, ...facts } = read();
    for (const fact of ['present', 'active', 'lost', 'trusted'] as const)
      result.observe(all[fact], facts[fact] ? 1 : 0, { slot });
    result.observe(all.lag, lagBytes, { slot });
    for (const [schema, seconds] of oldestSeconds) result.observe(all.oldest, seconds, { schema });
    for (const { schema, table, count } of overdue) result.observe(all.overdue, count, { schema, table });
  };
  const observed = Object.values(all);
  meter.addBatchObservableCallback(observe, observed);
  return () => {
    meter.removeBatchObservableCallback(observe, observed);
  };
}
