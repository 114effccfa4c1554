import {
  trace,
  type Context,
  type Span,
  type SpanOptions,
  type Tracer,
  type TracerProvider,
} from '@opentelemetry/api';
import { spanTime } from './span-time.js';

/** Name of the instrumentation scope of all spans and metrics that the fleet makes itself. */
export const SCOPE = 'millrace';

let made: { readonly provider: TracerProvider; readonly tracer: Tracer } | undefined;

/** The tracer of the moment: that of the current provider, so that spans made before telemetry starts are merely empty. */
function tracer(): Tracer {
  const provider = trace.getTracerProvider();
  if (made?.provider !== provider) made = { provider, tracer: provider.getTracer(SCOPE) };
  return made.tracer;
}

/** Starts a span, now unless its options say when; it is ended with `spanTime()`, because the SDK's own end would be cut to a millisecond. */
export function startSpan(name: string, options: SpanOptions, parent?: Context): Span {
  const { startTime = spanTime() } = options;
  return tracer().startSpan(name, { ...options, startTime }, parent);
}
