import type { Principal, TopicSpecification } from '@millrace/contracts';
import type { Admin, ITopicConfig } from 'kafkajs';
import { RetryableError } from '../api/errors.js';
import { systemClock } from '../ports/clock.js';
import { putAcls, type AclChanges } from './kafka-acls.js';
import { kafkaClient, type KafkaSettings } from './kafka-client.js';

/** What the keeper asks of the brokers. */
export interface KafkaAdmin {
  /** Names of all topics. */
  topics(): Promise<readonly string[]>;
  /** Creates the topics that do not exist yet and returns their names. */
  createTopics(specifications: readonly TopicSpecification[]): Promise<readonly string[]>;
  /** Makes the access rules of these principals what they must be; see `putAcls`. */
  putAcls(principals: readonly Principal[]): Promise<AclChanges>;
  close(): Promise<void>;
}

const BROKER_DEFAULT = -1;
const HOSTED_WITHIN_MS = 30_000;
const HOSTED_POLL_MS = 100;

class KafkajsAdmin implements KafkaAdmin {
  constructor(private readonly admin: Admin) {}

  topics(): Promise<readonly string[]> {
    return this.admin.listTopics();
  }

  async createTopics(specifications: readonly TopicSpecification[]): Promise<readonly string[]> {
    const present = new Set(await this.admin.listTopics());
    const missing = specifications.filter(({ name }) => !present.has(name));
    if (missing.length === 0) return [];
    await createHostedTopics(
      this.admin,
      missing.map((topic) => ({
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
    );
    return missing.map(({ name }) => name);
  }

  putAcls(principals: readonly Principal[]): Promise<AclChanges> {
    return putAcls(this.admin, principals);
  }

  close(): Promise<void> {
    return this.admin.disconnect();
  }
}

/**
 * Creates topics and resolves once every partition has a leader, for 30 s at most. kafkajs' own wait gives up when
 * a busy broker does not know a topic yet that the controller has just accepted.
 */
export async function createHostedTopics(admin: Admin, topics: readonly ITopicConfig[]): Promise<void> {
  const names = topics.map(({ topic }) => topic);
  const deadline = systemClock.now() + HOSTED_WITHIN_MS;
  await admin.createTopics({ waitForLeaders: true, topics: [...topics] }).catch((error: unknown) => {
    if (!isUnknownTopic(error)) throw error;
  });
  while (!(await areHosted(admin, names))) {
    if (systemClock.now() > deadline)
      throw new RetryableError(`topics without a leader: ${names.join(', ')}`);
    await systemClock.sleep(HOSTED_POLL_MS);
  }
}

function isUnknownTopic(error: unknown): boolean {
  return error instanceof Error && 'type' in error && error.type === 'UNKNOWN_TOPIC_OR_PARTITION';
}

async function areHosted(admin: Admin, names: string[]): Promise<boolean> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: names });
    const led = topics.every(
      ({ partitions }) => partitions.length > 0 && partitions.every(({ leader }) => leader >= 0),
    );
    // A leader that is named may not know of it yet: only its own answer proves that it takes records.
    if (led) await Promise.all(names.map((name) => admin.fetchTopicOffsets(name)));
    return led;
  } catch {
    return false;
  }
}

/** A connected admin client; close it when done. */
export async function createKafkaAdmin(settings: KafkaSettings): Promise<KafkaAdmin> {
  const admin = kafkaClient(settings).admin();
  await admin.connect();
  return new KafkajsAdmin(admin);
}
