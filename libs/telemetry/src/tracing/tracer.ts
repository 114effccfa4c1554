import { trace, type Tracer, type TracerProvider } from '@opentelemetry/api';

/** Name of the instrumentation scope of all spans and metrics that the fleet makes itself. */
export const SCOPE = 'millrace';

let made: { readonly provider: TracerProvider; readonly tracer: Tracer } | undefined;

/** The tracer of the moment: that of the current provider, so that spans made before telemetry starts are merely empty. */
export function tracer(): Tracer {
  const provider = trace.getTracerProvider();
  if (made?.provider !== provider) made = { provider, tracer: provider.getTracer(SCOPE) };
  return made.tracer;
}
