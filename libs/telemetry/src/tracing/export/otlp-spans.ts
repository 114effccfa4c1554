import type { Attributes, AttributeValue, SpanContext } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { SCOPE } from '../tracer.js';
import { ProtobufWriter } from './protobuf-writer.js';

/** Field numbers of opentelemetry/proto/trace/v1/trace.proto and common/v1/common.proto, version 1. */
const REQUEST = { resourceSpans: 1 } as const;
const RESOURCE_SPANS = { resource: 1, scopeSpans: 2 } as const;
const RESOURCE = { attributes: 1 } as const;
const SCOPE_SPANS = { scope: 1, spans: 2 } as const;
const INSTRUMENTATION_SCOPE = { name: 1 } as const;
const SPAN = {
  traceId: 1,
  spanId: 2,
  parentSpanId: 4,
  name: 5,
  kind: 6,
  start: 7,
  end: 8,
  attributes: 9,
  events: 11,
  links: 13,
  status: 15,
} as const;
const EVENT = { time: 1, name: 2, attributes: 3 } as const;
const LINK = { traceId: 1, spanId: 2 } as const;
const STATUS = { message: 2, code: 3 } as const;
const KEY_VALUE = { key: 1, value: 2 } as const;
const ANY_VALUE = { text: 1, boolean: 2, integer: 3, double: 4, list: 5 } as const;
const LIST = { values: 1 } as const;

/** Values of an attribute whose bytes are remembered: those that come again and again are among the first. */
const REMEMBERED = 128;

/**
 * Writes spans as the `ExportTraceServiceRequest` of OTLP in protobuf. A span is written when it ends, so that nothing
 * of it has to live until it leaves.
 */
export class OtlpSpans {
  private readonly spans = new ProtobufWriter(256 * 1024);
  private readonly attributes = new Map<string, Map<string, Uint8Array>>();

  /** Bytes of the spans written so far. */
  get length(): number {
    return this.spans.length;
  }

  /** Adds a span that has ended. */
  add(span: ReadableSpan): void {
    const { spans } = this;
    const before = spans.length;
    try {
      const start = spans.open(SCOPE_SPANS.spans);
      this.write(span);
      spans.close(start);
    } catch {
      // A span that is too long to be told is left out, whole.
      spans.cutTo(before);
    }
  }

  /** The request for the spans since the last one, in two parts, of the process that the resource describes. */
  take(resource: Resource): readonly [Uint8Array, Uint8Array] {
    const spans = this.spans.take();
    const scope = new ProtobufWriter(256);
    const scoped = scope.open(SCOPE_SPANS.scope);
    scope.text(INSTRUMENTATION_SCOPE.name, SCOPE);
    scope.close(scoped);
    const described = new ProtobufWriter(1024);
    const start = described.open(RESOURCE_SPANS.resource);
    for (const [key, value] of Object.entries(resource.attributes)) {
      if (typeof value === 'string') writeAttribute(described, RESOURCE.attributes, key, value);
    }
    described.close(start);
    const scopeBytes = scope.take();
    const scopeLength = scopeBytes.length + spans.length;
    described.lengthOf(RESOURCE_SPANS.scopeSpans, scopeLength);
    described.raw(scopeBytes);
    const inner = described.take();
    const head = new ProtobufWriter(inner.length + 16);
    head.lengthOf(REQUEST.resourceSpans, inner.length + spans.length);
    head.raw(inner);
    return [head.take(), spans];
  }

  private write(span: ReadableSpan): void {
    const { spans } = this;
    writeIds(spans, span.spanContext());
    if (span.parentSpanContext) spans.hex(SPAN.parentSpanId, span.parentSpanContext.spanId);
    spans.text(SPAN.name, span.name);
    spans.uint(SPAN.kind, span.kind + 1);
    spans.nanoseconds(SPAN.start, span.startTime);
    spans.nanoseconds(SPAN.end, span.endTime);
    this.writeAttributes(SPAN.attributes, span.attributes);
    for (const { time, name, attributes } of span.events) {
      const start = spans.open(SPAN.events);
      spans.nanoseconds(EVENT.time, time);
      spans.text(EVENT.name, name);
      this.writeAttributes(EVENT.attributes, attributes ?? {});
      spans.close(start);
    }
    for (const { context } of span.links) {
      const start = spans.open(SPAN.links);
      writeIds(spans, context);
      spans.close(start);
    }
    if (span.status.code === 0) return;
    const start = spans.open(SPAN.status);
    if (span.status.message !== undefined) spans.text(STATUS.message, span.status.message);
    spans.uint(STATUS.code, span.status.code);
    spans.close(start);
  }

  private writeAttributes(field: number, attributes: Attributes): void {
    for (const key in attributes) {
      const value = attributes[key];
      if (typeof value === 'string' && field === SPAN.attributes) this.writeText(key, value);
      else if (value !== undefined) writeAttribute(this.spans, field, key, value);
    }
  }

  private writeText(key: string, value: string): void {
    let known = this.attributes.get(key);
    if (known === undefined) this.attributes.set(key, (known = new Map<string, Uint8Array>()));
    const bytes = known.get(value);
    if (bytes !== undefined) return this.spans.raw(bytes);
    if (known.size >= REMEMBERED) return writeAttribute(this.spans, SPAN.attributes, key, value);
    const once = new ProtobufWriter(256);
    writeAttribute(once, SPAN.attributes, key, value);
    const written = once.take();
    known.set(value, written);
    this.spans.raw(written);
  }
}

function writeIds(writer: ProtobufWriter, { traceId, spanId }: SpanContext): void {
  writer.hex(LINK.traceId, traceId);
  writer.hex(LINK.spanId, spanId);
}

function writeAttribute(writer: ProtobufWriter, field: number, key: string, value: AttributeValue): void {
  const start = writer.open(field);
  writer.text(KEY_VALUE.key, key);
  writeValue(writer, KEY_VALUE.value, value);
  writer.close(start);
}

function writeValue(writer: ProtobufWriter, field: number, value: AttributeValue | null | undefined): void {
  const start = writer.open(field);
  if (typeof value === 'string') writer.text(ANY_VALUE.text, value);
  else if (typeof value === 'boolean') writer.uint(ANY_VALUE.boolean, value ? 1 : 0);
  else if (typeof value === 'number') {
    if (Number.isSafeInteger(value) && value >= 0) writer.uint(ANY_VALUE.integer, value);
    else writer.double(ANY_VALUE.double, value);
  } else if (Array.isArray(value)) {
    const list = writer.open(ANY_VALUE.list);
    for (const item of value) writeValue(writer, LIST.values, item);
    writer.close(list);
  }
  writer.close(start);
}
