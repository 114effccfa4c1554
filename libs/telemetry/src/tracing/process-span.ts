import {
  isSpanContextValid,
  ROOT_CONTEXT,
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
import { spanContextFrom, type TraceparentHeader } from './traceparent.js';

/** A record that a group works on. */
export interface ProcessedRecord {
  /** Event type, for example `order.created`. */
  readonly type: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
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
  const parent = creation === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, creation);
  const attributes = groupAttributes(record);
  attributes[MessagingAttribute.OFFSET] = Number(record.offset);
  if (record.eventId !== undefined) attributes[MessagingAttribute.MESSAGE_ID] = record.eventId;
  if (record.key !== undefined) attributes[MessagingAttribute.KEY] = record.key;
  const links = creation === undefined ? [] : [{ context: creation }];
  const options = { kind: SpanKind.CONSUMER, links, attributes };
  return new StartedProcessSpan(tracer().startSpan(`process ${record.type}`, options, parent), parent);
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
  const span = tracer().startSpan(
    `process ${batch.topic}`,
    {
      kind: SpanKind.CONSUMER,
      links,
      attributes: { ...groupAttributes(batch), [MessagingAttribute.BATCH_SIZE]: batch.traceparents.length },
    },
    ROOT_CONTEXT,
  );
  return new StartedProcessSpan(span, ROOT_CONTEXT);
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

class StartedProcessSpan implements ProcessSpan {
  private own: Context | undefined;

  constructor(
    private readonly span: Span,
    private readonly parent: Context,
  ) {}

  /** Made at its first use: most events cause nothing that would need it. */
  get context(): Context {
    this.own ??= trace.setSpan(this.parent, this.span);
    return this.own;
  }

  get traceId(): string | undefined {
    const spanContext = this.span.spanContext();
    return isSpanContextValid(spanContext) ? spanContext.traceId : undefined;
  }

  event(name: string, attributes?: Attributes): void {
    this.span.addEvent(name, attributes);
  }

  end(error?: unknown): void {
    if (error !== undefined) failed(this.span, error);
    this.span.end();
  }
}
