import type { Context } from '@opentelemetry/api';

/** An event as a handler receives it: contract checked, only the declared fields. */
export interface ReceivedEvent<Data = unknown> {
  /** CloudEvents id, a uuidv7; the identity of the event in every service. */
  readonly id: string;
  /** CloudEvents type, for example `order.created`. */
  readonly type: string;
  /** CloudEvents source, for example `/millrace/order`. */
  readonly source: string;
  /** When its transaction began, by the producer's database. */
  readonly occurredAt: Date;
  /** Id of the event that caused this one; its own id for a root. */
  readonly causationId: string;
  /** The record's key; null when it has none. */
  readonly key: string | null;
  readonly data: Data;
  /** Trace context of this event's processing: parent of whatever the effect causes. A copy by spread lacks it. */
  readonly context: Context;
  /** Trace id of the event's own trace. */
  readonly traceId: string;
  /** Where the record lies. */
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** Fresh events of one type from one partition, in log order, at least one; no event of it took effect before. */
export interface EventBatch<Data = unknown> {
  readonly events: readonly ReceivedEvent<Data>[];
}
