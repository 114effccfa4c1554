import {
  context,
  isSpanContextValid,
  SpanKind,
  trace,
  type Attributes,
  type Context,
} from '@opentelemetry/api';
import { failed } from './failed.js';
import { spanTime } from './span-time.js';
import { startSpan } from './tracer.js';

/** The context of the code that runs now. */
export function activeContext(): Context {
  return context.active();
}

/** Trace id of the code that runs now (32 hex digits), or undefined outside of a trace. */
export function activeTraceId(): string | undefined {
  const spanContext = trace.getSpanContext(context.active());
  return spanContext !== undefined && isSpanContextValid(spanContext) ? spanContext.traceId : undefined;
}

/** Runs the work, also what it awaits, inside the given context. */
export function runInContext<Result>(parent: Context, work: () => Result): Result {
  return context.with(parent, work);
}

/** Runs the work inside an INTERNAL span of that name, which ends with the work; an error marks the span and is thrown on. */
export async function inSpan<Result>(
  name: string,
  work: () => Promise<Result>,
  attributes: Attributes = {},
): Promise<Result> {
  const span = startSpan(name, { kind: SpanKind.INTERNAL, attributes });
  try {
    return await context.with(trace.setSpan(context.active(), span), work);
  } catch (error) {
    failed(span, error);
    throw error;
  } finally {
    span.end(spanTime());
  }
}
