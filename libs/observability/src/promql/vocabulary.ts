import { METRICS, prometheusLabels, prometheusNames, type Metric } from '@millrace/telemetry';

/** Labels that Prometheus adds to every series of a target. */
const TARGET_LABELS = ['job', 'instance'] as const;

/** Every series that an expression may name, with the labels that it may have. */
export type Vocabulary = ReadonlyMap<string, ReadonlySet<string>>;

/** The series of the fleet: what the catalogue exports, and what Prometheus says of its targets. */
export function fleetVocabulary(metrics: readonly Metric[] = METRICS): Vocabulary {
  const exported = metrics.flatMap((metric) =>
    prometheusNames(metric).map((series) => {
      const ofBuckets = metric.kind === 'histogram' && series.endsWith('_bucket') ? ['le'] : [];
      return [series, new Set([...prometheusLabels(metric), ...TARGET_LABELS, ...ofBuckets])] as const;
    }),
  );
  return new Map([...exported, ['up', new Set(TARGET_LABELS)]]);
}
