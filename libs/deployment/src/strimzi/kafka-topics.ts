import type { IKafkaTopic } from '@kubernetes-models/strimzi-kafka-operator/kafka.strimzi.io/v1';
import { CONNECT_TOPICS, heartbeatTopic, topicsOf, type ServiceTopology } from '@millrace/contracts';
import { KAFKA_CLUSTER } from '../kubernetes/fleet-names.js';

const REPLICAS = 3;

/** Every topic of the fleet: the topology's, the connector's heartbeats and Kafka Connect's own. */
export function kafkaTopics(services: readonly ServiceTopology[]): readonly IKafkaTopic[] {
  const events = [...topicsOf(services), heartbeatTopic()].map((topic) =>
    kafkaTopic(topic.name, topic.partitions, {
      'cleanup.policy': 'delete',
      'retention.ms': topic.retentionMs,
      ...(topic.maxMessageBytes === undefined ? {} : { 'max.message.bytes': topic.maxMessageBytes }),
    }),
  );
  const state = Object.values(CONNECT_TOPICS).map(({ name, partitions }) =>
    kafkaTopic(name, partitions, { 'cleanup.policy': 'compact' }),
  );
  return [...events, ...state];
}

function kafkaTopic(
  topicName: string,
  partitions: number,
  config: Readonly<Record<string, string | number>>,
): IKafkaTopic {
  return {
    apiVersion: 'kafka.strimzi.io/v1',
    kind: 'KafkaTopic',
    metadata: { name: resourceName(topicName), labels: { 'strimzi.io/cluster': KAFKA_CLUSTER } },
    spec: { topicName, partitions, replicas: REPLICAS, config: { ...config } },
  };
}

/** Kubernetes takes no underscore, and nothing but a letter or digit at the ends. */
function resourceName(topic: string): string {
  return topic.replaceAll('_', '-').replace(/^-+/, '');
}
