import { PARTITIONS } from '../drain/drain-race.js';
import { Kafka, logLevel, type Admin } from 'kafkajs';
import { fleetOrder } from '../backlog/fleet-order.js';
import { orderMessage } from '../backlog/order-record.js';

const MESSAGES_AT_ONCE = 1_000;

/** Events that wait on a topic, at its end, the same number on every partition. */
export class EffectBacklog {
  private ends: readonly number[] = [];

  private constructor(
    private readonly kafka: Kafka,
    private readonly admin: Admin,
    readonly topic: string,
  ) {}

  /** Produces that many new events behind whatever the topic holds. */
  static async produce(broker: string, topic: string, perPartition: number): Promise<EffectBacklog> {
    const kafka = new Kafka({ clientId: 'bench', brokers: [broker], logLevel: logLevel.ERROR });
    const admin = kafka.admin();
    await admin.connect();
    const backlog = new EffectBacklog(kafka, admin, topic);
    await backlog.append(perPartition);
    const offsets = await admin.fetchTopicOffsets(topic);
    backlog.ends = offsets.toSorted((a, b) => a.partition - b.partition).map(({ high }) => Number(high));
    return backlog;
  }

  /** Leaves a group, of which nobody may run, that many of the events on every partition. */
  async rewind(groupId: string, perPartition: number): Promise<void> {
    const partitions = this.ends.map((end, partition) => ({ partition, offset: String(end - perPartition) }));
    await this.admin.setOffsets({ groupId, topic: this.topic, partitions });
  }

  /** Whether the group has committed all of them. */
  async isDrained(groupId: string): Promise<boolean> {
    const [topic] = await this.admin.fetchOffsets({ groupId, topics: [this.topic] });
    const committed = topic?.partitions ?? [];
    return (
      committed.length === PARTITIONS &&
      committed.every(({ partition, offset }) => Number(offset) >= (this.ends[partition] ?? Number.NaN))
    );
  }

  async close(): Promise<void> {
    await this.admin.disconnect();
  }

  private async append(perPartition: number): Promise<void> {
    const producer = this.kafka.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    try {
      for (let partition = 0; partition < PARTITIONS; partition += 1) {
        for (let left = perPartition; left > 0; left -= MESSAGES_AT_ONCE) {
          const messages = Array.from({ length: Math.min(left, MESSAGES_AT_ONCE) }, () =>
            orderMessage(partition, { ...priced(), placedAt: new Date().toISOString() }),
          );
          await producer.send({ topic: this.topic, messages, acks: -1 });
        }
      }
    } finally {
      await producer.disconnect();
    }
  }
}

function priced() {
  const order = fleetOrder();
  const totalMinor = order.lines.reduce(
    (sum, { quantity, unitPriceMinor }) => sum + quantity * unitPriceMinor,
    0,
  );
  return { ...order, totalMinor };
}
