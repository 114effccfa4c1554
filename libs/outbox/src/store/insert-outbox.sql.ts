import type { Transaction } from '@millrace/messaging';
import type { OutboxRow } from '../outbox-row.js';

const INSERT = `
  INSERT INTO outbox (id, aggregate_type, aggregate_id, topic, type, source, data_schema,
                      causation_id, content_type, payload, traceparent)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                       $8::text[], $9::text[], $10::text[], $11::text[])`;

/** Inserts events into the outbox with one statement, in the order given. */
export function insertOutbox(tx: Transaction, rows: readonly OutboxRow[]): void {
  tx.write(INSERT, [
    rows.map((row) => row.id),
    rows.map((row) => row.aggregateType),
    rows.map((row) => row.aggregateId),
    rows.map((row) => row.topic),
    rows.map((row) => row.type),
    rows.map((row) => row.source),
    rows.map((row) => row.dataSchema),
    rows.map((row) => row.causationId),
    rows.map((row) => row.contentType),
    rows.map((row) => row.payload),
    rows.map((row) => row.traceparent),
  ]);
}
