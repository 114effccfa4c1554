import { randomUUID } from 'node:crypto';
import { EventHeader, OrderCreated } from '@millrace/contracts';
import { Kafka, logLevel } from 'kafkajs';
import type { BenchStack } from '../harness/bench-stack.js';

const TOPIC = OrderCreated.topic;

interface Place {
  readonly partition: number;
  readonly offset: string;
}

/** The records that capture wrote since a moment, and when it wrote each. */
export class CapturedRecords {
  private constructor(
    private readonly kafka: Kafka,
    private readonly from: readonly Place[],
  ) {}

  /** Remembers where the topic ends now. */
  static async since(stack: BenchStack): Promise<CapturedRecords> {
    const kafka = new Kafka({ clientId: 'bench', brokers: [stack.local.kafka], logLevel: logLevel.ERROR });
    return new CapturedRecords(kafka, await endsOf(kafka));
  }

  /** Event id → timestamp of its record, milliseconds since 1970; the first where capture repeated one. */
  async timestamps(): Promise<ReadonlyMap<string, number>> {
    const ends = await endsOf(this.kafka);
    const open = new Map(ends.map(({ partition, offset }) => [partition, BigInt(offset)]));
    for (const { partition, offset } of this.from) {
      if (open.get(partition) === BigInt(offset)) open.delete(partition);
    }
    const times = new Map<string, number>();
    if (open.size === 0) return times;
    const groupId = `bench-${randomUUID()}`;
    await withAdmin(this.kafka, (admin) =>
      admin.setOffsets({ groupId, topic: TOPIC, partitions: [...this.from] }),
    );
    const consumer = this.kafka.consumer({ groupId, allowAutoTopicCreation: false });
    const all = Promise.withResolvers<void>();
    await consumer.connect();
    await consumer.subscribe({ topics: [TOPIC] });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        for (const { headers, timestamp } of batch.messages) {
          const id = String(headers?.[EventHeader.id]);
          if (!times.has(id)) times.set(id, Number(timestamp));
        }
        const end = open.get(batch.partition);
        if (end !== undefined && BigInt(batch.lastOffset()) + 1n >= end) open.delete(batch.partition);
        if (open.size === 0) all.resolve();
      },
    });
    await all.promise;
    await consumer.disconnect();
    return times;
  }
}

async function endsOf(kafka: Kafka): Promise<Place[]> {
  const ends = await withAdmin(kafka, (admin) => admin.fetchTopicOffsets(TOPIC));
  return ends.map(({ partition, high }) => ({ partition, offset: high }));
}

async function withAdmin<Result>(
  kafka: Kafka,
  work: (admin: ReturnType<Kafka['admin']>) => Promise<Result>,
): Promise<Result> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
