import {
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type HrTime,
} from '@opentelemetry/api';
import { recordServerRequest } from '../metrics/server.metrics.js';
import { MessagingAttribute } from './messaging/messaging-attributes.js';
import { spanTime } from './span-time.js';
import { startSpan } from './tracer.js';
import { contextFromTraceparent, type TraceparentHeader } from './traceparent.js';

/** An HTTP request that has arrived. */
export interface ServedRequest {
  readonly method: string;
  /** Route that serves it, for example `/orders/:id`; undefined when none does. */
  readonly route: string | undefined;
  /** Path without query, which may hold what is not for traces. */
  readonly path: string;
  /** The caller's header; a defective one starts a new trace. */
  readonly traceparent?: TraceparentHeader;
}

/** The serving of one request. */
export interface ServerSpan {
  /** Parent for everything that the request causes. */
  readonly context: Context;
  /** Ends the span and measures the request; a status of 500 and above marks it as failed, and what failed is kept. */
  end(status: number): void;
}

/** Starts the SERVER span `<method> <route>` of a request. */
export function startServerSpan(request: ServedRequest): ServerSpan {
  const parent = contextFromTraceparent(request.traceparent);
  const startedAt = performance.now();
  const startTime = spanTime();
  const attributes = attributesOf(request);
  let span = start(request, attributes, parent, startTime);
  return {
    context: trace.setSpan(parent, span),
    end: (status) => {
      recordServerRequest(request, status, (performance.now() - startedAt) / 1_000);
      const failed = status >= 500;
      if (failed && !span.isRecording()) {
        span = start(request, { ...attributes, [MessagingAttribute.KEEP]: true }, parent, startTime);
      }
      span.setAttribute('http.response.status_code', status);
      if (failed) {
        span.setAttribute(MessagingAttribute.ERROR_TYPE, String(status));
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end(spanTime());
    },
  };
}

function start({ method, route }: ServedRequest, attributes: Attributes, parent: Context, startTime: HrTime) {
  const options = { kind: SpanKind.SERVER, attributes, startTime };
  return startSpan(route === undefined ? method : `${method} ${route}`, options, parent);
}

function attributesOf({ method, route, path }: ServedRequest): Attributes {
  const attributes: Attributes = { 'http.request.method': method, 'url.path': path, 'url.scheme': 'http' };
  if (route !== undefined) attributes['http.route'] = route;
  return attributes;
}
