import { trace, type Tracer } from '@opentelemetry/api';

/** Name of the instrumentation scope of all spans and metrics that the fleet makes itself. */
export const SCOPE = 'millrace';

/** The tracer of the moment: asked for each time, so that spans made before telemetry starts are merely empty. */
export function tracer(): Tracer {
  return trace.getTracer(SCOPE);
}
