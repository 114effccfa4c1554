import { analytics } from './analytics.topology.js';
import { DEAD_LETTER_RETENTION_MS, PARTITIONS } from './domain-topic.js';
import { featureStore } from './feature-store.topology.js';
import { fraud } from './fraud.topology.js';
import { inventory } from './inventory.topology.js';
import { deadLetterTopic } from './names.js';
import { notification } from './notification.topology.js';
import { order } from './order.topology.js';
import type { ServiceTopology, TopicSpecification } from './topology-types.js';

/** Every service of the fleet, producers first. */
export const topology: readonly ServiceTopology[] = [
  order,
  analytics,
  notification,
  fraud,
  inventory,
  featureStore,
];

/** Largest record of a domain topic in bytes: the broker's default. */
export const MAX_MESSAGE_BYTES = 1_048_588;

/** Room that a dead letter needs above its source record for the headers that explain it. */
export const DEAD_LETTER_HEADROOM_BYTES = 65_536;

/** Services that consume at least one topic. */
export function consumersOf(services: readonly ServiceTopology[]): readonly ServiceTopology[] {
  return services.filter((service) => service.consumes.length > 0);
}

/** Services that own an outbox. */
export function producersOf(services: readonly ServiceTopology[]): readonly ServiceTopology[] {
  return services.filter((service) => service.produces.length > 0);
}

/** Every topic that must exist before the first record flows, each named once. */
export function topicsOf(services: readonly ServiceTopology[]): readonly TopicSpecification[] {
  const domain = services.flatMap((service) =>
    service.produces.map((topic): TopicSpecification => ({
      name: topic.name,
      owner: service.name,
      kind: 'domain',
      partitions: topic.partitions,
      retentionMs: topic.retentionMs,
      maxMessageBytes: MAX_MESSAGE_BYTES,
    })),
  );
  const deadLetters = services.flatMap((service) =>
    service.consumes.map((subscription): TopicSpecification => ({
      name: deadLetterTopic(service.name, subscription.topic),
      owner: service.name,
      kind: 'dead-letter',
      partitions: PARTITIONS,
      retentionMs: DEAD_LETTER_RETENTION_MS,
      maxMessageBytes: MAX_MESSAGE_BYTES + DEAD_LETTER_HEADROOM_BYTES,
    })),
  );
  return [...domain, ...deadLetters];
}

/** The service of that name; throws naming the ones that exist. */
export function serviceNamed(name: string): ServiceTopology {
  const found = topology.find((service) => service.name === name);
  if (!found) {
    throw new RangeError(`no service '${name}'; there are ${topology.map((s) => s.name).join(', ')}`);
  }
  return found;
}
