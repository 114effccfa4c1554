import type { TopicSpecification } from '@millrace/contracts';
import type { Admin } from 'kafkajs';
import { kafkaClient, type KafkaSettings } from './kafka-client.js';

/** What the keeper asks of the brokers. */
export interface KafkaAdmin {
  /** Names of all topics. */
  topics(): Promise<readonly string[]>;
  /** Creates the topics that do not exist yet and returns their names. */
  createTopics(specifications: readonly TopicSpecification[]): Promise<readonly string[]>;
  close(): Promise<void>;
}

const BROKER_DEFAULT = -1;

class KafkajsAdmin implements KafkaAdmin {
  constructor(private readonly admin: Admin) {}

  topics(): Promise<readonly string[]> {
    return this.admin.listTopics();
  }

  async createTopics(specifications: readonly TopicSpecification[]): Promise<readonly string[]> {
    const present = new Set(await this.admin.listTopics());
    const missing = specifications.filter(({ name }) => !present.has(name));
    if (missing.length === 0) return [];
    await this.admin.createTopics({
      waitForLeaders: true,
      topics: missing.map((topic) => ({
        topic: topic.name,
        numPartitions: topic.partitions,
        replicationFactor: BROKER_DEFAULT,
        configEntries: [
          { name: 'retention.ms', value: String(topic.retentionMs) },
          ...(topic.maxMessageBytes === undefined
            ? []
            : [{ name: 'max.message.bytes', value: String(topic.maxMessageBytes) }]),
        ],
      })),
    });
    return missing.map(({ name }) => name);
  }

  close(): Promise<void> {
    return this.admin.disconnect();
  }
}

/** A connected admin client; close it when done. */
export async function createKafkaAdmin(settings: KafkaSettings): Promise<KafkaAdmin> {
  const admin = kafkaClient(settings).admin();
  await admin.connect();
  return new KafkajsAdmin(admin);
}
