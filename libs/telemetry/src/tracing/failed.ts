import { SpanStatusCode, type Span } from '@opentelemetry/api';
import { MessagingAttribute } from './messaging/messaging-attributes.js';

/** Marks a span as failed by the error's code or class; never by its message, which may quote data. */
export function failed(span: Span, error: unknown): void {
  const type = errorType(error);
  span.setAttribute(MessagingAttribute.ERROR_TYPE, type);
  span.setStatus({ code: SpanStatusCode.ERROR, message: type });
}

/** The `code` of an error, else its class name, else `unknown`: a closed set of values, fit for labels. */
export function errorType(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
