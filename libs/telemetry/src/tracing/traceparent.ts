import { randomBytes } from 'node:crypto';
import {
  isSpanContextValid,
  ROOT_CONTEXT,
  trace,
  TraceFlags,
  type Context,
  type SpanContext,
} from '@opentelemetry/api';
import { parseTraceParent } from '@opentelemetry/core';

/** A `traceparent` header as brokers hand it out: absent, text, bytes, or a list when a record carries it twice. */
export type TraceparentHeader = string | Uint8Array | readonly (string | Uint8Array)[] | null | undefined;

/** The W3C text of a span's context; an invalid context yields a random, unsampled one, because the column is NOT NULL. */
export function traceparentOf(spanContext: SpanContext | undefined): string {
  if (spanContext === undefined || !isSpanContextValid(spanContext)) {
    return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`;
  }
  const flags = spanContext.traceFlags.toString(16).padStart(2, '0');
  return `00-${spanContext.traceId}-${spanContext.spanId}-${flags}`;
}

/** The W3C text of the span that a context belongs to; null when it belongs to none. */
export function traceparentIn(context: Context): string | null {
  const spanContext = trace.getSpanContext(context);
  return spanContext && isSpanContextValid(spanContext) ? traceparentOf(spanContext) : null;
}

/** The remote span that a header names, or undefined when it is absent, malformed or not unique. Never throws. */
export function spanContextFrom(header: TraceparentHeader): SpanContext | undefined {
  const text = textOf(header);
  const parsed = text === undefined ? null : parseTraceParent(text);
  if (parsed === null) return undefined;
  return { ...parsed, traceFlags: parsed.traceFlags & TraceFlags.SAMPLED, isRemote: true };
}

/** A context whose parent is the span that the header names; a defective header yields `ROOT_CONTEXT`. */
export function contextFromTraceparent(header: TraceparentHeader): Context {
  const spanContext = spanContextFrom(header);
  return spanContext === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, spanContext);
}

function textOf(header: TraceparentHeader): string | undefined {
  if (typeof header === 'string') return header;
  return header instanceof Uint8Array ? Buffer.from(header).toString('latin1') : undefined;
}
