/** A row of the outbox, one event; `occurred_at` is the database's own. */
export interface OutboxRow {
  readonly id: string;
  readonly aggregateType: string;
  readonly aggregateId: string;
  readonly topic: string;
  readonly type: string;
  readonly source: string;
  readonly dataSchema: string;
  readonly causationId: string;
  readonly contentType: string;
  readonly payload: string;
  readonly traceparent: string;
}
