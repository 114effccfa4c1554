import type { EventDefinition } from '../event-definition.js';
import type { OwnedTopic } from './topology-types.js';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Days that a domain topic keeps its records. */
export const DOMAIN_RETENTION_MS = 7 * DAY_MS;

/** Days that a dead-letter topic keeps its records: long enough to mend the cause and replay. */
export const DEAD_LETTER_RETENTION_MS = 30 * DAY_MS;

/** Days that a retry or replay topic keeps its records; no delay of a retry plan may be longer. */
export const RETRY_RETENTION_MS = 7 * DAY_MS;

/** Delays of the retry topics of a group that says nothing else, shortest first. */
export const DEFAULT_RETRY_DELAYS: readonly string[] = ['5s', '1m', '10m'];

/** Partitions of every domain topic, and so of the topics that a group has beside it: the upper bound of a group's parallelism. */
export const PARTITIONS = 6;

/** A topic of one contract, or of several that stay in order together, with the fleet's defaults: 6 partitions, 7 days. */
export function domainTopic(event: EventDefinition, ...others: readonly EventDefinition[]): OwnedTopic {
  return {
    name: event.topic,
    events: [event, ...others],
    partitions: PARTITIONS,
    retentionMs: DOMAIN_RETENTION_MS,
  };
}
