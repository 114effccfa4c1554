import { createRequire } from 'node:module';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';

/** Probes and scrapes come every few seconds and would bury the traces that people look for. */
const UNTRACED = /^\/(health|metrics)(\/|\?|$)/;

/**
 * Hooks the only automatic instrumentations, HTTP in and out and Postgres; both are silent outside of a trace.
 * Returns the function that unhooks them.
 */
export function hookHttpAndPostgres(): () => void {
  const unhook = registerInstrumentations({
    instrumentations: [
      new HttpInstrumentation({
        ignoreIncomingRequestHook: ({ url }) => UNTRACED.test(url ?? ''),
        requireParentforOutgoingSpans: true,
      }),
      new PgInstrumentation({
        requireParentSpan: true,
        ignoreConnectSpans: true,
        enhancedDatabaseReporting: false,
      }),
    ],
  });
  // The hook sits in require() and the exporter has loaded http already: without this, http stays unpatched until
  // some other CommonJS package happens to require it.
  createRequire(import.meta.url)('node:http');
  return unhook;
}
