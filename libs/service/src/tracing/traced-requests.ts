import { runInContext, startServerSpan, type ServerSpan } from '@millrace/telemetry';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Probes and scrapes come every few seconds and would bury the traces that people look for. */
const UNTRACED = /^\/(health|metrics)(\/|\?|$)/;

/** What an answer is said to have had whose client had left. */
const CLIENT_CLOSED_REQUEST = 499;

const spans = new WeakMap<FastifyRequest, ServerSpan>();

/** Trace id of a request (32 hex digits), or undefined when it has none. */
export function traceIdOf(request: FastifyRequest): string | undefined {
  return spans.get(request)?.traceId;
}

/** Gives every request a span that its handler runs in, and measures it. */
export function traceRequests(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    if (UNTRACED.test(request.url)) return done();
    const span = startServerSpan({
      method: request.method,
      route: request.routeOptions.url,
      path: pathOf(request.url),
      traceparent: request.headers['traceparent'],
    });
    spans.set(request, span);
    // Of an answer that was sent this is too late to be told.
    reply.raw.once('close', () => span.end(CLIENT_CLOSED_REQUEST));
    runInContext(span.context, done);
  });
  // The body comes in turns of the event loop that belong to its connection, and to no request.
  server.addHook('preValidation', (request, _reply, done) => {
    const span = spans.get(request);
    if (span) runInContext(span.context, done);
    else done();
  });
  server.addHook('onResponse', (request, reply, done) => {
    spans.get(request)?.end(reply.statusCode);
    done();
  });
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}
