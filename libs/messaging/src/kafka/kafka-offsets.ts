import type { Admin } from 'kafkajs';
import type { Position, TopicPartition } from '../ports/broker.port.js';
import { kafkaClient, type KafkaSettings } from './kafka-client.js';

/** Where a partition begins and ends. */
export interface LogBounds extends TopicPartition {
  /** Offset of the oldest record that is left. */
  readonly low: bigint;
  /** Offset that the next record gets. */
  readonly high: bigint;
}

/** Positions on the log, of all groups and topics; every answer rejects while the brokers are away. */
export interface KafkaOffsets {
  /** Bounds of every partition of those topics that exist. */
  bounds(topics: readonly string[]): Promise<readonly LogBounds[]>;
  /** For each partition the offset of the first record with that timestamp (milliseconds since the epoch) or a later one; its end when there is none. */
  firstSince(topic: string, instantMs: number): Promise<readonly Position[]>;
  /** What a group has committed, of every topic that it ever read. */
  committed(group: string): Promise<readonly Position[]>;
  /** How many members each group has; none of a group that does not exist. */
  members(groups: readonly string[]): Promise<ReadonlyMap<string, number>>;
  close(): Promise<void>;
}

class KafkajsOffsets implements KafkaOffsets {
  constructor(private readonly admin: Admin) {}

  async bounds(topics: readonly string[]): Promise<readonly LogBounds[]> {
    // A topic that is asked for and missing would spoil every later refresh of the client's metadata.
    const present = new Set(await this.admin.listTopics());
    const found = topics.filter((topic) => present.has(topic));
    const answers = await Promise.all(
      found.map(async (topic) => ({ topic, partitions: await this.admin.fetchTopicOffsets(topic) })),
    );
    return answers.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, low, high }) => ({
        topic,
        partition,
        low: BigInt(low),
        high: BigInt(high),
      })),
    );
  }

  async firstSince(topic: string, instantMs: number): Promise<readonly Position[]> {
    const offsets = await this.admin.fetchTopicOffsetsByTimestamp(topic, Math.floor(instantMs));
    return offsets.map(({ partition, offset }) => ({ topic, partition, offset: BigInt(offset) }));
  }

  async committed(group: string): Promise<readonly Position[]> {
    const known = await this.admin.fetchOffsets({ groupId: group });
    return known.flatMap(({ topic, partitions }) =>
      partitions
        .map(({ partition, offset }) => ({ topic, partition, offset: BigInt(offset) }))
        .filter(({ offset }) => offset >= 0n),
    );
  }

  async members(groups: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const described = await this.admin.describeGroups([...groups]);
    return new Map(described.groups.map(({ groupId, members }) => [groupId, members.length]));
  }

  close(): Promise<void> {
    return this.admin.disconnect();
  }
}

/** A connected reader of offsets, on one connection per broker; close it when done. */
export async function createKafkaOffsets(settings: KafkaSettings): Promise<KafkaOffsets> {
  const admin = kafkaClient(settings).admin();
  await admin.connect();
  return new KafkajsOffsets(admin);
}
