import type { TopicSpecification } from './topology-types.js';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** The connector's `topic.prefix` where nobody says otherwise. */
export const TOPIC_PREFIX = 'millrace';

/** Group of the Kafka Connect workers; their internal topics are named in `CONNECT_TOPICS`. */
export const CONNECT_GROUP = 'millrace-connect';

/** A topic in which Kafka Connect keeps its own state: compacted, so that the newest value of a key stays. */
export interface ConnectTopic {
  readonly name: string;
  readonly partitions: number;
}

/** Internal topics of Kafka Connect by the worker setting `<key>.storage.topic` that names each. */
export const CONNECT_TOPICS: Readonly<Record<'config' | 'offset' | 'status', ConnectTopic>> = {
  config: { name: '_connect-configs', partitions: 1 },
  offset: { name: '_connect-offsets', partitions: 3 },
  status: { name: '_connect-status', partitions: 3 },
};

/** Topic of the connector's heartbeats: one partition, a day. It must exist, or the first heartbeat blocks the task. */
export function heartbeatTopic(topicPrefix: string = TOPIC_PREFIX): TopicSpecification {
  return {
    name: `__debezium-heartbeat.${topicPrefix}`,
    owner: 'keeper',
    kind: 'domain',
    partitions: 1,
    retentionMs: DAY_MS,
  };
}
