import { setTimeout as delay } from 'node:timers/promises';
import { Kafka, logLevel, type Admin, type Consumer } from 'kafkajs';

/** How a group treats records: at once, too slowly, or not at all while it stays a member. */
export type Mood = 'quick' | 'slow' | 'stuck';

const SLOW_MS = 1_500;
const STUCK_BEAT_MS = 500;
const COMMIT_EVERY_MS = 500;

/** A consumer group of a test's own on a topic of the fleet, whose one member does nothing but commit. */
export class MoodyGroup {
  mood: Mood = 'quick';
  private ended = false;

  private constructor(
    readonly group: string,
    private readonly topic: string,
    private readonly consumer: Consumer,
    private readonly admin: Admin,
  ) {}

  /** Joins as the group's one member and begins at the start of the topic. */
  static async join(kafka: string, group: string, topic: string): Promise<MoodyGroup> {
    const client = new Kafka({ clientId: group, brokers: [kafka], logLevel: logLevel.NOTHING });
    const consumer = client.consumer({
      groupId: group,
      sessionTimeout: 10_000,
      heartbeatInterval: 1_000,
      maxWaitTimeInMs: 200,
      allowAutoTopicCreation: false,
    });
    const joined = new MoodyGroup(group, topic, consumer, client.admin());
    await joined.admin.connect();
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      autoCommitInterval: COMMIT_EVERY_MS,
      partitionsConsumedConcurrently: 6,
      eachMessage: ({ heartbeat }) => joined.treat(heartbeat),
    });
    return joined;
  }

  /** Leaves the group; nobody is a member any more. */
  async leave(): Promise<void> {
    this.ended = true;
    await this.consumer.disconnect();
  }

  /** Commits the beginning of every partition, which takes a group without members. */
  async rewind(): Promise<void> {
    const bounds = await this.admin.fetchTopicOffsets(this.topic);
    const partitions = bounds.map(({ partition, low }) => ({ partition, offset: low }));
    await this.admin.setOffsets({ groupId: this.group, topic: this.topic, partitions });
  }

  /** Leaves and forgets the group. */
  async end(): Promise<void> {
    await this.leave();
    await this.admin.deleteGroups([this.group]).catch(() => undefined);
    await this.admin.disconnect();
  }

  private async treat(heartbeat: () => Promise<void>): Promise<void> {
    if (this.mood === 'slow') await delay(SLOW_MS);
    while (this.mood === 'stuck' && !this.ended) {
      await heartbeat();
      await delay(STUCK_BEAT_MS);
    }
  }
}
