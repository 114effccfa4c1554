import { createRequire } from 'node:module';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';

/** Probes and scrapes come every few seconds and would bury the traces that people look for. */
const UNTRACED = /^\/(health|metrics)(\/|\?|$)/;

/** The only automatic instrumentations, HTTP in and out and Postgres; both are silent outside of a trace. */
export function httpAndPostgres(): [HttpInstrumentation, PgInstrumentation] {
  return [
    new HttpInstrumentation({
      ignoreIncomingRequestHook: ({ url }) => UNTRACED.test(url ?? ''),
      requireParentforOutgoingSpans: true,
    }),
    new PgInstrumentation({
      requireParentSpan: true,
      ignoreConnectSpans: true,
      enhancedDatabaseReporting: false,
    }),
  ];
}

/**
 * Has the hook see `http`, once the instrumentations are registered: it sits in require(), and the exporter has
 * loaded http already, so http would stay unpatched until some CommonJS package happens to require it.
 */
export function patchHttp(): void {
  createRequire(import.meta.url)('node:http');
}
