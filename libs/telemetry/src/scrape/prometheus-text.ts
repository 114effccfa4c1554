import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import type { CollectionResult, MetricData } from '@opentelemetry/sdk-metrics';

/** Media type of `metricsText()`. */
export const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Prometheus wants the unit in the name; the serializer leaves that to whoever declares the instrument. */
const SUFFIX_OF_UNIT: Readonly<Record<string, string>> = { s: 'seconds', By: 'bytes' };

/** Writes a collection as Prometheus' text format, with `_seconds` and `_bytes` where the unit says so. */
export function prometheusText({ resourceMetrics }: CollectionResult): string {
  const scopeMetrics = resourceMetrics.scopeMetrics.map((scoped) => ({
    ...scoped,
    metrics: scoped.metrics.map(withUnitInName),
  }));
  const text = new PrometheusSerializer(undefined, false, undefined, false, true).serialize({
    ...resourceMetrics,
    scopeMetrics,
  });
  return text.endsWith('\n') ? text : `${text}\n`;
}

function withUnitInName(metric: MetricData): MetricData {
  const suffix = SUFFIX_OF_UNIT[metric.descriptor.unit];
  const { name } = metric.descriptor;
  if (suffix === undefined || name.endsWith(suffix)) return metric;
  return { ...metric, descriptor: { ...metric.descriptor, name: `${name}.${suffix}` } };
}
