import { encodeEvent, type EventData, type EventDefinition } from '@millrace/contracts';
import type { Transaction } from '@millrace/messaging';
import { countOutboxWritten, startCreateSpan, type CreateSpan } from '@millrace/telemetry';
import { v7 as uuidv7 } from 'uuid';
import type { Cause } from './cause.js';
import type { OutboxRow } from './outbox-row.js';
import { insertOutbox } from './store/insert-outbox.sql.js';

/** An event to be written with the transaction that makes it true. */
export interface OutboxEntry<Definition extends EventDefinition = EventDefinition> {
  readonly event: Definition;
  readonly data: EventData<Definition>;
  readonly cause: Cause;
}

/** An event in the outbox: its id is `ce_id` on the log. */
export interface AppendedEvent {
  readonly id: string;
  readonly traceparent: string;
}

/** Writes events into the service's outbox; change data capture carries them to the log once committed. */
export class Outbox {
  /**
   * Appends events to the outbox with one INSERT, in order. Each payload is checked against the producer view
   * of its contract (`ContractViolationError`), each event gets a PRODUCER span below its own cause. The INSERT is sent
   * and not waited for: it fails the transaction, not this call.
   */
  append(entries: readonly OutboxEntry[], tx: Transaction): AppendedEvent[] {
    if (entries.length === 0) return [];
    const payloads = entries.map((entry) => encodeEvent(entry.event, entry.data));
    const rows = entries.map((entry, index) => create(entry, payloads[index] ?? ''));
    insertOutbox(tx, rows);
    entries.forEach((entry) => countOutboxWritten(entry.event.topic));
    return rows.map(({ id, traceparent }) => ({ id, traceparent }));
  }
}

function create(entry: OutboxEntry, payload: string): OutboxRow {
  const span = startCreateSpan(entry.event, entry.cause.context);
  try {
    return rowOf(entry, payload, span);
  } finally {
    span.end();
  }
}

function rowOf(entry: OutboxEntry, payload: string, span: CreateSpan): OutboxRow {
  const { event, data, cause } = entry;
  const id = uuidv7();
  const key = (data as Record<string, unknown>)[event.key];
  if (typeof key !== 'string') {
    throw new TypeError(`${event.type} has no text in its key field '${event.key}'`);
  }
  return {
    id,
    aggregateType: event.aggregate,
    aggregateId: key,
    topic: event.topic,
    type: event.type,
    source: event.source,
    dataSchema: event.dataSchema,
    causationId: cause.id ?? id,
    contentType: event.contentType,
    payload,
    traceparent: span.traceparent,
  };
}
