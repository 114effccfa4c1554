import {
  DEAD_LETTER_RETENTION_MS,
  DEFAULT_RETRY_DELAYS,
  PARTITIONS,
  RETRY_RETENTION_MS,
} from './domain-topic.js';
import { deadLetterTopic, replayTopic, retryTopic } from './names.js';
import type { OwnedTopic, ServiceTopology, Subscription, TopicSpecification } from './topology-types.js';

/** Largest record of a domain topic in bytes: the broker's default. */
export const MAX_MESSAGE_BYTES = 1_048_588;

/** Room that a retried, replayed or dead record needs above its source for the headers that explain it, in bytes. */
export const HEADROOM_BYTES = 65_536;

/** Delays of a subscription's retry topics, shortest first; none when it is ordered. */
export function retryDelaysOf(subscription: Subscription): readonly string[] {
  return subscription.ordering === 'none' ? (subscription.retryDelays ?? DEFAULT_RETRY_DELAYS) : [];
}

/** Every topic that must exist before the first record flows, each named once. */
export function topicsOf(services: readonly ServiceTopology[]): readonly TopicSpecification[] {
  const owned = services.flatMap((service) => service.produces.map((topic) => domain(service.name, topic)));
  const partitions = new Map(owned.map((topic) => [topic.name, topic.partitions]));
  const beside = services.flatMap((service) =>
    service.consumes.flatMap((subscription) =>
      // A record keeps its partition on its way: a source that somebody else declares has the fleet's default.
      groupTopics(service.name, subscription, partitions.get(subscription.topic) ?? PARTITIONS),
    ),
  );
  return [...owned, ...beside];
}

function domain(owner: string, { name, partitions, retentionMs }: OwnedTopic): TopicSpecification {
  return { name, owner, kind: 'domain', partitions, retentionMs, maxMessageBytes: MAX_MESSAGE_BYTES };
}

function groupTopics(
  group: string,
  subscription: Subscription,
  partitions: number,
): readonly TopicSpecification[] {
  const { topic } = subscription;
  const common = { owner: group, partitions, maxMessageBytes: MAX_MESSAGE_BYTES + HEADROOM_BYTES };
  const inTransit = { ...common, retentionMs: RETRY_RETENTION_MS };
  return [
    ...retryDelaysOf(subscription).map((delay): TopicSpecification => ({
      ...inTransit,
      name: retryTopic(group, topic, delay),
      kind: 'retry',
    })),
    {
      ...common,
      name: deadLetterTopic(group, topic),
      kind: 'dead-letter',
      retentionMs: DEAD_LETTER_RETENTION_MS,
    },
    { ...inTransit, name: replayTopic(group, topic), kind: 'replay' },
  ];
}
