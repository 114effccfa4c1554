import type { OutgoingRecord } from '@millrace/messaging';

/** A row of an outbox as a recovery reads it, every column as text. */
export interface RetainedRow {
  readonly id: string;
  readonly aggregate_id: string;
  readonly topic: string;
  readonly type: string;
  readonly source: string;
  readonly data_schema: string;
  readonly spec_version: string;
  readonly causation_id: string;
  readonly content_type: string;
  readonly payload: string;
  readonly traceparent: string;
  /** In UTC with six digits of a second, always, as the connector writes it: `2026-11-21T10:00:00.120000Z`. */
  readonly occurred_at: string;
}

/**
 * The record that the connector makes of the row: key, value and headers of `transforms.outbox` in
 * deploy/connect/outbox-connector.json. No partition is given: the key decides, by the same hash as in Java.
 */
export function outboxRecord(row: RetainedRow): OutgoingRecord {
  return {
    topic: row.topic,
    key: Buffer.from(row.aggregate_id),
    value: Buffer.from(row.payload),
    headers: {
      ce_id: row.id,
      ce_type: row.type,
      ce_source: row.source,
      ce_subject: row.aggregate_id,
      ce_time: row.occurred_at,
      ce_specversion: row.spec_version,
      ce_dataschema: row.data_schema,
      ce_causationid: row.causation_id,
      'content-type': row.content_type,
      traceparent: row.traceparent,
    },
  };
}
