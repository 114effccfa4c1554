/** Who emits a metric: the part of the fleet whose `/metrics` has it. */
export type Emitter =
  'service' | 'runtime' | 'outbox' | 'replayer' | 'keeper' | 'watch' | 'reconciler' | 'inventory';

/** Shape of a metric: a sum that only grows, a value of the moment, or a distribution. */
export type MetricKind = 'counter' | 'gauge' | 'histogram';

/** Unit of a metric after UCUM: seconds, bytes, or a plain number. */
export type MetricUnit = 's' | 'By' | '';

/** A metric as it is declared: nothing is exported that is not one of these. */
export interface Metric<
  Name extends string = string,
  Kind extends MetricKind = MetricKind,
  Label extends string = string,
> {
  /** OpenTelemetry's name, with dots. */
  readonly name: Name;
  readonly kind: Kind;
  readonly unit: MetricUnit;
  /** Attribute names that its series may have, with dots; all have closed sets of values. */
  readonly labels: readonly Label[];
  readonly description: string;
  readonly by: Emitter;
}

const SUFFIX_OF_UNIT: Readonly<Record<MetricUnit, string>> = { s: '_seconds', By: '_bytes', '': '' };

/** Name of a metric in Prometheus' text, without what a histogram adds: `http_server_request_duration_seconds`. */
export function prometheusName({ name, kind, unit }: Metric): string {
  return underscored(name) + SUFFIX_OF_UNIT[unit] + (kind === 'counter' ? '_total' : '');
}

/** Names of the series that Prometheus gets of a metric: three of a histogram, else one. */
export function prometheusNames(metric: Metric): readonly string[] {
  const name = prometheusName(metric);
  return metric.kind === 'histogram' ? ['_bucket', '_sum', '_count'].map((part) => name + part) : [name];
}

/** Labels of a metric as Prometheus gets them, without the `le` of buckets. */
export function prometheusLabels({ labels }: Metric): readonly string[] {
  return labels.map(underscored);
}

function underscored(name: string): string {
  return name.replaceAll('.', '_');
}
