import { producersOf, schemaOf, type ServiceTopology, type TopicSpecification } from '@millrace/contracts';
import type { TableName } from '../store/publication-store.js';

/** Publication that the connector reads; the connector file names it too. */
export const PUBLICATION = 'millrace_outbox';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Outboxes of all producers. */
export function outboxesOf(services: readonly ServiceTopology[]): readonly TableName[] {
  return producersOf(services).map(({ name }) => ({ schema: schemaOf(name), name: 'outbox' }));
}

/** Topic of the connector's heartbeats: one partition, a day. It must exist, or the first heartbeat blocks the task. */
export function heartbeatTopic(topicPrefix: string): TopicSpecification {
  return {
    name: `__debezium-heartbeat.${topicPrefix}`,
    owner: 'keeper',
    kind: 'domain',
    partitions: 1,
    retentionMs: DAY_MS,
  };
}
