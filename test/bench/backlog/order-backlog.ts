import { OrderCreated, schemaOf } from '@millrace/contracts';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { Client } from 'pg';
import type { BenchStack } from '../harness/bench-stack.js';
import { orderMessage } from './order-record.js';

/** Consumer group, and so the service, whose tables and role the contestants use; it does not run itself. */
export const BENCH_GROUP = 'feature-store';

const TOPIC = OrderCreated.topic;
const MESSAGES_AT_ONCE = 1_000;

/** Events of `order.created` on the stack's broker, and what a group has made of them. */
export class OrderBacklog {
  constructor(private readonly stack: BenchStack) {}

  /** Produces events, the same number on every partition, until each holds at least that many. */
  async fill(perPartition: number): Promise<void> {
    const missing = await this.withAdmin(async (admin) => {
      const ends = await admin.fetchTopicOffsets(TOPIC);
      return ends.map(({ partition, high, low }) => ({
        partition,
        count: perPartition - (Number(high) - Number(low)),
      }));
    });
    const producer = this.kafka().producer({ allowAutoTopicCreation: false });
    await producer.connect();
    try {
      for (const { partition, count } of missing) {
        for (let left = count; left > 0; left -= MESSAGES_AT_ONCE) {
          const messages = Array.from({ length: Math.min(left, MESSAGES_AT_ONCE) }, () =>
            orderMessage(partition),
          );
          await producer.send({ topic: TOPIC, messages, acks: -1 });
        }
      }
    } finally {
      await producer.disconnect();
    }
  }

  /**
   * Makes ready for one contestant: the group's positions leave it that many events per partition, its inbox is
   * empty, and the database has nothing left to write of what came before.
   */
  async rewind(perPartition: readonly number[]): Promise<void> {
    await this.withAdmin(async (admin) => {
      const ends = await admin.fetchTopicOffsets(TOPIC);
      const partitions = ends.map(({ partition, high }) => ({
        partition,
        offset: String(Number(high) - (perPartition[partition] ?? 0)),
      }));
      await admin.setOffsets({ groupId: BENCH_GROUP, topic: TOPIC, partitions });
    });
    await this.query(`TRUNCATE ${schemaOf(BENCH_GROUP)}.inbox`);
    await this.query('CHECKPOINT');
  }

  /** Distinct events in the inbox that took effect. */
  async effects(): Promise<number> {
    const [row] = await this.query<{ count: string }>(
      `SELECT count(DISTINCT event_id) FROM ${schemaOf(BENCH_GROUP)}.inbox WHERE processed_at IS NOT NULL`,
    );
    return Number(row?.count);
  }

  private kafka(): Kafka {
    return new Kafka({ clientId: 'bench', brokers: [this.stack.local.kafka], logLevel: logLevel.ERROR });
  }

  private async withAdmin<Result>(work: (admin: Admin) => Promise<Result>): Promise<Result> {
    const admin = this.kafka().admin();
    await admin.connect();
    try {
      return await work(admin);
    } finally {
      await admin.disconnect();
    }
  }

  private async query<Row extends object>(sql: string): Promise<Row[]> {
    const client = new Client({ connectionString: this.stack.local.postgres });
    await client.connect();
    try {
      const { rows } = await client.query<Row>(sql);
      return rows;
    } finally {
      await client.end();
    }
  }
}
