import { runInContext, startServerSpan } from '@millrace/telemetry';
import type { FastifyInstance } from 'fastify';

/** Probes and scrapes come every few seconds and would bury the traces that people look for. */
const UNTRACED = /^\/(health|metrics)(\/|\?|$)/;

/** Status of a request whose client left before it was answered. */
const CLIENT_CLOSED_REQUEST = 499;

/** Gives every request a span that everything runs in which comes of it, and measures it. */
export function traceRequests(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    if (UNTRACED.test(request.url)) return done();
    const span = startServerSpan({
      method: request.method,
      route: request.routeOptions.url,
      path: pathOf(request.url),
      traceparent: request.headers['traceparent'],
    });
    const { raw } = reply;
    raw.once('close', () => span.end(raw.writableFinished ? raw.statusCode : CLIENT_CLOSED_REQUEST));
    runInContext(span.context, done);
  });
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query === -1 ? url : url.slice(0, query);
}
