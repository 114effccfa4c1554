import {
  metrics,
  type BatchObservableResult,
  type Counter,
  type Histogram,
  type Meter,
  type MeterProvider,
  type MetricOptions,
  type ObservableGauge,
} from '@opentelemetry/api';
import { SCOPE } from '../tracing/tracer.js';
import { metricNamed, type LabelOf, type MetricName } from './catalogue.js';

/** Bucket bounds in seconds, 1 ms … 10 s, for everything that is timed. */
export const LATENCY_BUCKETS = [
  0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1,
  2, 5, 10,
];

/** Values of a metric's labels, those that are always there. */
export type Labels<Name extends MetricName> = Partial<Record<LabelOf<Name>, string | number>>;

/** Notes the value of a gauge in a look at several. */
export type Observe<Gauge extends MetricName<'gauge'>> = <Name extends Gauge>(
  name: Name,
  value: number,
  labels?: Labels<Name>,
) => void;

/** The counter of that name in the catalogue. */
export function counter<const Name extends MetricName<'counter'>>(name: Name): () => Counter<Labels<Name>> {
  return instrument((meter) => meter.createCounter(name, described(name)));
}

/** The histogram of that name in the catalogue, with `LATENCY_BUCKETS`. */
export function histogram<const Name extends MetricName<'histogram'>>(
  name: Name,
): () => Histogram<Labels<Name>> {
  const advice = { explicitBucketBoundaries: LATENCY_BUCKETS };
  return instrument((meter) => meter.createHistogram(name, { ...described(name), advice }));
}

/** Has every scrape read the gauges of these names in the catalogue; returns the function that ends it. */
export function observeGauges<const Gauge extends MetricName<'gauge'>>(
  names: readonly Gauge[],
  read: (observe: Observe<Gauge>) => void,
): () => void {
  const { meter, named } = gauges();
  const observed = new Map(names.map((name) => [name, named(name)]));
  const look = (result: BatchObservableResult): void =>
    read((name, value, labels) => {
      const gauge = observed.get(name);
      if (gauge) result.observe(gauge, value, labels);
    });
  const instruments = [...observed.values()];
  meter.addBatchObservableCallback(look, instruments);
  return () => {
    meter.removeBatchObservableCallback(look, instruments);
  };
}

/** Gauges may be observed by several parts of a process: each is made once. */
const gauges = instrument((meter) => {
  const made = new Map<string, ObservableGauge>();
  const named = (name: MetricName<'gauge'>): ObservableGauge => {
    const gauge = made.get(name) ?? meter.createObservableGauge(name, described(name));
    made.set(name, gauge);
    return gauge;
  };
  return { meter, named };
});

function described(name: MetricName): MetricOptions {
  const { unit, description } = metricNamed(name);
  return { unit, description };
}

/**
 * Makes an instrument at its first use under the current provider: the metrics API has no proxy, and one made while
 * modules load would stay a no-op for ever.
 */
function instrument<Instrument>(make: (meter: Meter) => Instrument): () => Instrument {
  let made: { readonly provider: MeterProvider; readonly instrument: Instrument } | undefined;
  return () => {
    const provider = metrics.getMeterProvider();
    if (made?.provider !== provider) made = { provider, instrument: make(provider.getMeter(SCOPE)) };
    return made.instrument;
  };
}
