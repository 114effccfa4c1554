import {
  isSpanContextValid,
  SpanKind,
  trace,
  type Attributes,
  type Context,
  type Link,
  type Span,
} from '@opentelemetry/api';
import { failed } from './failed.js';
import { KAFKA, MessagingAttribute } from './messaging-attributes.js';
import { tracer } from './tracer.js';
import { contextFromTraceparent, spanContextFrom, type TraceparentHeader } from './traceparent.js';

/** A record that a group works on. */
export interface ProcessedRecord {
  /** Event type, for example `order.created`. */
  readonly type: string;
  readonly topic: string;
  readonly partition: number;
  /** Offset as Kafka's decimal text. */
  readonly offset: string;
  readonly group: string;
  /** `ce_id` of the event; absent when it cannot be read. */
  readonly eventId?: string | undefined;
  /** Record key. */
  readonly key?: string | undefined;
  /** The header as it came; a defective one starts a new trace. */
  readonly traceparent?: TraceparentHeader;
}

/** One group's work on one record, or on one batch. */
export interface ProcessSpan {
  /** Parent for everything that the record causes: database spans, created events, dead letters. */
  readonly context: Context;
  /** Trace id (32 hex digits), or undefined while telemetry is off. */
  readonly traceId: string | undefined;
  /** Notes what happened on the way, for example `retry`; no payload and no personal data. */
  event(name: string, attributes?: Attributes): void;
  /** Ends the span; an error marks it as failed. */
  end(error?: unknown): void;
}

/** Starts the CONSUMER span `process <type>`, whose parent and link both are the creation of the event. */
export function startProcessSpan(record: ProcessedRecord): ProcessSpan {
  const creation = spanContextFrom(record.traceparent);
  const parent = contextFromTraceparent(record.traceparent);
  const span = tracer().startSpan(
    `process ${record.type}`,
    {
      kind: SpanKind.CONSUMER,
      links: creation === undefined ? [] : [{ context: creation }],
      attributes: {
        ...groupAttributes(record),
        [MessagingAttribute.OFFSET]: Number(record.offset),
        ...(record.eventId === undefined ? {} : { [MessagingAttribute.MESSAGE_ID]: record.eventId }),
        ...(record.key === undefined ? {} : { [MessagingAttribute.KEY]: record.key }),
      },
    },
    parent,
  );
  return processSpan(span, parent);
}

/** A batch that a group handles in one transaction. */
export interface ProcessedBatch {
  readonly topic: string;
  readonly partition: number;
  readonly group: string;
  /** Headers of the batch's records; each readable one becomes a link (the first 128, which is what a span holds). */
  readonly traceparents: readonly TraceparentHeader[];
}

/** Starts the CONSUMER span `process <topic>` of a whole batch: a root, because a batch belongs to many traces. */
export function startBatchSpan(batch: ProcessedBatch): ProcessSpan {
  const links = batch.traceparents.flatMap((header): Link[] => {
    const context = spanContextFrom(header);
    return context === undefined ? [] : [{ context }];
  });
  const root = contextFromTraceparent(undefined);
  const span = tracer().startSpan(
    `process ${batch.topic}`,
    {
      kind: SpanKind.CONSUMER,
      links,
      attributes: { ...groupAttributes(batch), [MessagingAttribute.BATCH_SIZE]: batch.traceparents.length },
    },
    root,
  );
  return processSpan(span, root);
}

function groupAttributes(source: Pick<ProcessedRecord, 'topic' | 'partition' | 'group'>): Attributes {
  return {
    [MessagingAttribute.SYSTEM]: KAFKA,
    [MessagingAttribute.OPERATION_NAME]: 'process',
    [MessagingAttribute.OPERATION_TYPE]: 'process',
    [MessagingAttribute.DESTINATION]: source.topic,
    [MessagingAttribute.PARTITION]: String(source.partition),
    [MessagingAttribute.GROUP]: source.group,
  };
}

function processSpan(span: Span, parent: Context): ProcessSpan {
  const spanContext = span.spanContext();
  return {
    context: trace.setSpan(parent, span),
    traceId: isSpanContextValid(spanContext) ? spanContext.traceId : undefined,
    event: (name, attributes) => {
      span.addEvent(name, attributes);
    },
    end: (error) => {
      if (error !== undefined) failed(span, error);
      span.end();
    },
  };
}
