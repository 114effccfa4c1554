import { observeGauges } from './instrument.js';

/** A partition table of a schema that keeps partitions beyond their time. */
export interface OverduePartitions {
  readonly schema: string;
  readonly table: string;
  readonly count: number;
}

/** How the connector stands, as its last status told. */
export interface ConnectorMeasures {
  readonly name: string;
  /** Whether it and all its tasks run. */
  readonly running: boolean;
  /** Its tasks by state; undefined while nobody can see them. */
  readonly tasks: { readonly running: number; readonly failed: number; readonly other: number } | undefined;
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
  /** WAL in bytes that the slot has not confirmed. */
  readonly lagBytes: number;
  /** WAL in bytes that the server keeps for the slot. */
  readonly retainedBytes: number;
  /** WAL in bytes that can be written before the slot may be lost; undefined when that is unlimited. */
  readonly safeBytes?: number | undefined;
  /** Age in seconds of the oldest outbox row that the slot has not confirmed, by schema; 0 when there is none. */
  readonly oldestSeconds: ReadonlyMap<string, number>;
  readonly overdue: readonly OverduePartitions[];
  readonly connector: ConnectorMeasures;
}

/** Has every scrape read how capture is doing; returns the function that ends it. */
export function observeCapture(read: () => CaptureMeasures): () => void {
  const slot = observeGauges(
    [
      'millrace.cdc.slot.present',
      'millrace.cdc.slot.active',
      'millrace.cdc.slot.lost',
      'millrace.cdc.slot.trusted',
      'millrace.cdc.slot.lag',
      'millrace.cdc.slot.retained',
      'millrace.cdc.slot.safe',
    ],
    (observe) => {
      const { slot: name, ...measures } = read();
      for (const fact of ['present', 'active', 'lost', 'trusted'] as const)
        observe(`millrace.cdc.slot.${fact}`, measures[fact] ? 1 : 0, { slot: name });
      observe('millrace.cdc.slot.lag', measures.lagBytes, { slot: name });
      observe('millrace.cdc.slot.retained', measures.retainedBytes, { slot: name });
      if (measures.safeBytes !== undefined)
        observe('millrace.cdc.slot.safe', measures.safeBytes, { slot: name });
    },
  );
  const tables = observeGauges(
    ['millrace.outbox.oldest.unpublished.age', 'millrace.partitions.overdue'],
    (observe) => {
      const { oldestSeconds, overdue } = read();
      for (const [schema, seconds] of oldestSeconds)
        observe('millrace.outbox.oldest.unpublished.age', seconds, { schema });
      for (const { schema, table, count } of overdue)
        observe('millrace.partitions.overdue', count, { schema, table });
    },
  );
  const connector = observeGauges(['millrace.connector.running', 'millrace.connector.tasks'], (observe) => {
    const { name, running, tasks } = read().connector;
    observe('millrace.connector.running', running ? 1 : 0, { connector: name });
    if (!tasks) return;
    for (const state of ['running', 'failed', 'other'] as const)
      observe('millrace.connector.tasks', tasks[state], { connector: name, state });
  });
  return () => [slot, tables, connector].forEach((forget) => forget());
}
