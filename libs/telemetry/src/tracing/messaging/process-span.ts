import {
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind,
  trace,
  TraceFlags,
  type Attributes,
  type Context,
  type Span,
  type SpanContext,
  type SpanOptions,
} from '@opentelemetry/api';
import { failed } from '../failed.js';
import { groupAttributes, MessagingAttribute } from './messaging-attributes.js';
import { spanTime } from '../span-time.js';
import { startSpan } from '../tracer.js';
import { spanContextFrom, type TraceparentHeader } from '../traceparent.js';
import { tracePolicy } from '../trace-policy.js';
import { drawWay, type EventWay } from './way-spans.js';

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
  /** The header as it came, naming the creation of the event; a defective one starts a new trace. */
  readonly traceparent?: TraceparentHeader;
  /** The attempt before this one, when the record is a copy. */
  readonly previous?: TraceparentHeader;
  /** The sending of the replay that the record belongs to. */
  readonly replay?: TraceparentHeader;
  /** True when it waited so long for this attempt that the attempt is a trace of its own. @default false */
  readonly apart?: boolean;
  /** When the event passed which place, of a record that comes for the first time. */
  readonly way?: EventWay | undefined;
}

/** One group's work on one record. */
export interface ProcessSpan {
  /** Parent for everything that the record causes: created events, retry copies, dead letters. */
  readonly context: Context;
  /** Trace id (32 hex digits), or undefined while telemetry is off. */
  readonly traceId: string | undefined;
  /** The creation of the event, as far as its header can be read. */
  readonly creation: SpanContext | undefined;
  /** True when it will be exported. */
  readonly isKept: boolean;
  /** Notes what happened on the way, for example `retry`; no payload and no personal data. */
  event(name: string, attributes?: Attributes): void;
  /** Sees to it that it is exported, whatever was sampled: the record has failed. */
  keep(): void;
  /** Ends the span; an error marks it as failed, and what failed is kept. */
  end(error?: unknown): void;
}

/**
 * Starts the CONSUMER span `process <type>`. Its parent and its first link are the creation of the event; with links
 * only (`TracePolicy`), and when it is `apart`, it is a root. It also links the attempt before it and its replay.
 */
export function startProcessSpan(record: ProcessedRecord): ProcessSpan {
  return new StartedProcessSpan(record, spanContextFrom(record.traceparent));
}

class StartedProcessSpan implements ProcessSpan {
  private span: Span;
  private own: Context | undefined;
  private readonly parent: Context;
  private readonly startedAt = spanTime();

  constructor(
    private readonly record: ProcessedRecord,
    readonly creation: SpanContext | undefined,
  ) {
    const { continuation, exported } = tracePolicy();
    const continued = creation !== undefined && (!exported || (!record.apart && continuation === 'parent'));
    this.parent = continued ? trace.setSpanContext(ROOT_CONTEXT, creation) : ROOT_CONTEXT;
    // What nobody samples, or takes, costs nothing: it goes on as what it was created as.
    const passes = continued && (!exported || (creation.traceFlags & TraceFlags.SAMPLED) === 0);
    this.span = passes ? trace.wrapSpanContext(creation) : this.start(record.apart === true);
    if (creation && record.way && this.isKept) drawWay(record, record.way, creation);
  }

  /** Made at its first use: most events cause nothing that would need it. */
  get context(): Context {
    this.own ??= trace.setSpan(this.parent, this.span);
    return this.own;
  }

  get traceId(): string | undefined {
    const spanContext = this.span.spanContext();
    return isSpanContextValid(spanContext) ? spanContext.traceId : undefined;
  }

  get isKept(): boolean {
    return this.span.isRecording();
  }

  event(name: string, attributes?: Attributes): void {
    this.span.addEvent(name, attributes, spanTime());
  }

  keep(): void {
    if (this.isKept || !tracePolicy().exported) return;
    this.span = this.start(true);
    this.own = undefined;
  }

  end(error?: unknown): void {
    if (error !== undefined) {
      this.keep();
      failed(this.span, error);
    }
    this.span.end(spanTime());
  }

  private start(keep: boolean): Span {
    const { record, creation } = this;
    const attributes = groupAttributes(record, 'process');
    attributes[MessagingAttribute.PARTITION] = String(record.partition);
    attributes[MessagingAttribute.OFFSET] = Number(record.offset);
    if (record.eventId !== undefined) attributes[MessagingAttribute.MESSAGE_ID] = record.eventId;
    if (record.key !== undefined) attributes[MessagingAttribute.KEY] = record.key;
    if (keep) attributes[MessagingAttribute.KEEP] = true;
    const earlier = [creation, spanContextFrom(record.previous), spanContextFrom(record.replay)];
    const links = earlier.flatMap((context) => (context === undefined ? [] : [{ context }]));
    const options: SpanOptions = { kind: SpanKind.CONSUMER, links, attributes, startTime: this.startedAt };
    return startSpan(`process ${record.type}`, options, this.parent);
  }
}
