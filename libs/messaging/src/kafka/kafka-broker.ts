import { CompressionTypes, type Kafka, type Producer } from 'kafkajs';
import { ConsumerDefinitionError } from '../api/errors.js';
import {
  Broker,
  type BrokerConsumer,
  type ConsumerListener,
  type ConsumerSettings,
  type OutgoingRecord,
  type Position,
  type RecordVisitor,
  type TopicPartition,
} from '../ports/broker.port.js';
import { kafkaClient, type KafkaSettings } from './kafka-client.js';
import { KafkaConsumer } from './kafka-consumer.js';
import { scanTopic } from './scan-topic.js';

const ALL_REPLICAS = -1;

/** The broker port on kafkajs; one connection pool per role. */
export class KafkaBroker extends Broker {
  private readonly kafka: Kafka;
  private producer: Promise<Producer> | undefined;

  constructor(private readonly settings: KafkaSettings) {
    super();
    this.kafka = kafkaClient(settings);
  }

  async connect(): Promise<void> {
    await this.probe();
  }

  consumer(settings: ConsumerSettings, listener: ConsumerListener): BrokerConsumer {
    return new KafkaConsumer(this.kafka, settings, listener);
  }

  async send(records: readonly OutgoingRecord[]): Promise<void> {
    const pending = this.connectedProducer();
    const producer = await pending;
    const topics = Map.groupBy(records, ({ topic }) => topic);
    try {
      await producer.sendBatch({
        acks: ALL_REPLICAS,
        compression: CompressionTypes.None,
        topicMessages: [...topics].map(([topic, messages]) => ({
          topic,
          messages: messages.map(({ key, value, headers, partition }) => ({
            key,
            value,
            headers: { ...headers },
            ...(partition === undefined ? {} : { partition }),
          })),
        })),
      });
    } catch (error) {
      // A producer that failed may hold dead connections: the next send starts with a new one.
      if (this.producer === pending) this.producer = undefined;
      void producer.disconnect().catch(() => undefined);
      throw error;
    }
  }

  async scan(topic: string, visit: RecordVisitor, signal?: AbortSignal): Promise<void> {
    await this.probe([topic]);
    await scanTopic(this.kafka, { reader: this.settings.clientId, topic, visit }, signal);
  }

  async positions(group: string, partitions: readonly TopicPartition[]): Promise<readonly Position[]> {
    const admin = this.kafka.admin({ retry: { retries: 0 } });
    try {
      await admin.connect();
      const topics = [...new Set(partitions.map(({ topic }) => topic))];
      const known = await admin.fetchOffsets({ groupId: group, topics });
      return known.flatMap(({ topic, partitions: offsets }) =>
        offsets
          .filter((one) =>
            partitions.some((asked) => asked.topic === topic && asked.partition === one.partition),
          )
          .flatMap(({ partition, offset }) => {
            const position = BigInt(offset);
            return position < 0n ? [] : [{ topic, partition, offset: position }];
          }),
      );
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }

  async probe(topics: readonly string[] = []): Promise<void> {
    const admin = this.kafka.admin({ retry: { retries: 0 } });
    try {
      await admin.connect();
      const present = new Set(await admin.listTopics());
      const missing = topics.filter((topic) => !present.has(topic));
      if (missing.length > 0) {
        throw new ConsumerDefinitionError(
          `topics ${missing.join(', ')} do not exist: run the keeper's capture step, which creates every topic`,
        );
      }
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }

  async close(): Promise<void> {
    const producer = await this.producer?.catch(() => undefined);
    this.producer = undefined;
    await producer?.disconnect();
  }

  private connectedProducer(): Promise<Producer> {
    this.producer ??= this.connectProducer().catch((error: unknown) => {
      this.producer = undefined;
      throw error;
    });
    return this.producer;
  }

  private async connectProducer(): Promise<Producer> {
    const producer = this.kafka.producer({ allowAutoTopicCreation: false, retry: { retries: 2 } });
    await producer.connect();
    return producer;
  }
}

/** A broker on kafkajs; nothing is connected before the first use. */
export function createKafkaBroker(settings: KafkaSettings): Broker {
  return new KafkaBroker(settings);
}
