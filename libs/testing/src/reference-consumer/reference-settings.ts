import type { ServiceTopology } from '@millrace/contracts';
import { retryPlan, type ConsumerOptions } from '@millrace/messaging';
import { referenceDefinition } from './reference-event.js';

/** Partitions of a reference consumer's topics. */
export const REFERENCE_PARTITIONS = 6;

/** Schema of a reference consumer's tables. */
export const REFERENCE_SCHEMA = 'reference';

/** What a reference consumer is; it travels to its processes as JSON, in MILLRACE_TEST_CONSUMER. */
export interface ReferenceSettings {
  readonly group: string;
  readonly topic: string;
  readonly ordering: 'none' | 'key' | 'partition';
  /** Delays of its retry plan, such as `1s`. */
  readonly retry: readonly string[];
  /** Its other options. */
  readonly options: Omit<ConsumerOptions, 'group' | 'ordering' | 'retry'>;
}

const DAY_MS = 86_400_000;

/** Options of the consumer that the settings describe. */
export function referenceOptions({ group, ordering, retry, options }: ReferenceSettings): ConsumerOptions {
  return { ...options, group, ordering, retry: retryPlan(...retry) };
}

/** A topology in which only the reference consumer exists, and a producer for it. */
export function referenceTopology(settings: ReferenceSettings): readonly ServiceTopology[] {
  const { group, topic, ordering, retry } = settings;
  const events = [referenceDefinition(topic)];
  const owned = { name: topic, events, partitions: REFERENCE_PARTITIONS, retentionMs: 7 * DAY_MS };
  const consumed = ordering === 'none' ? { topic, ordering, retryDelays: retry } : { topic, ordering };
  return [
    { name: 'reference-producer', port: 0, produces: [owned], consumes: [] },
    { name: group, port: 0, produces: [], consumes: [consumed] },
  ];
}
