import { metrics, type Meter, type MeterProvider } from '@opentelemetry/api';
import { SCOPE } from '../tracing/tracer.js';

/** Bucket bounds in seconds, 1 ms … 10 s, for everything that is timed. */
export const LATENCY_BUCKETS = [
  0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1,
  2, 5, 10,
];

/**
 * Declares an instrument that is made at its first use under the current provider.
 * The metrics API has no proxy: an instrument made while modules load would stay a no-op for ever.
 */
export function instrument<Instrument>(make: (meter: Meter) => Instrument): () => Instrument {
  let made: { readonly provider: MeterProvider; readonly instrument: Instrument } | undefined;
  return () => {
    const provider = metrics.getMeterProvider();
    if (made?.provider !== provider) made = { provider, instrument: make(provider.getMeter(SCOPE)) };
    return made.instrument;
  };
}
