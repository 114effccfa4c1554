import {
  Broker,
  type BrokerRecord,
  type ConsumerListener,
  type ConsumerSettings,
  type OutgoingRecord,
  type Position,
  type TopicPartition,
  type RecordVisitor,
} from '@millrace/messaging';
import { MemoryConsumer } from './memory-consumer.js';

/** What a test gives for a record; the rest has defaults. */
export type NewRecord = Partial<Pick<BrokerRecord, 'key' | 'value' | 'headers' | 'timestamp'>>;

/** Error of the class that a connection loss has in the real client. */
export function connectionError(message = 'broker is away'): Error {
  return Object.assign(new Error(message), { name: 'KafkaJSConnectionError' });
}

/**
 * A log in memory with groups, generations, positions and pauses that behave like the real client's: a
 * rebalance refetches everything uncommitted, a pause outlives it, a commit of an old generation is refused.
 */
export class MemoryBroker extends Broker {
  /** Set to reject every send, commit and probe as if the broker were away. */
  down = false;
  /** Called before records are kept; throw to refuse them. */
  onSend: ((records: readonly OutgoingRecord[]) => void) | undefined;
  /** Called before positions are kept; throw to refuse them. */
  onCommit: ((positions: readonly Position[]) => void) | undefined;
  /** Records that one fetch of a partition brings at most. */
  fetchRecords = 100;
  /** Every consumer that was ever made, in order. */
  readonly consumers: MemoryConsumer[] = [];
  /** Positions of every accepted commit, in order. */
  readonly commits: Position[] = [];
  private readonly logs = new Map<string, BrokerRecord[][]>();
  private readonly committed = new Map<string, bigint>();

  /** Makes a topic. */
  createTopic(name: string, partitions: number): void {
    this.logs.set(
      name,
      Array.from({ length: partitions }, () => []),
    );
  }

  /** Appends a record and returns its offset. */
  append(topic: string, partition: number, record: NewRecord): bigint {
    const log = this.partitionOf(topic, partition);
    const offset = BigInt(log.length);
    log.push({ topic, partition, offset, key: null, value: null, headers: {}, timestamp: 0, ...record });
    this.consumers.forEach((consumer) => consumer.wake());
    return offset;
  }

  /** Records of a topic, partition by partition. */
  records(topic: string): readonly BrokerRecord[] {
    return (this.logs.get(topic) ?? []).flat();
  }

  /** Records of a partition from an offset on. */
  read(topic: string, partition: number, from: bigint, count: number): readonly BrokerRecord[] {
    return this.partitionOf(topic, partition).slice(Number(from), Number(from) + count);
  }

  /** Position of a group, undefined when it never committed. */
  position(group: string, topic: string, partition: number): bigint | undefined {
    return this.committed.get(`${group}/${topic}/${partition}`);
  }

  /** Keeps positions; for consumers. */
  keepPositions(group: string, positions: readonly Position[]): void {
    this.onCommit?.(positions);
    for (const position of positions) {
      this.committed.set(`${group}/${position.topic}/${position.partition}`, position.offset);
      this.commits.push(position);
    }
  }

  /** Gives every partition to the living members of the group, round robin, as after a join or a leave. */
  rebalance(group: string): void {
    const members = this.consumers.filter((one) => one.settings.group === group && one.joined);
    members.forEach((member) => member.announceRebalance());
    members.forEach((member, index) => {
      const mine = member.settings.topics.flatMap((topic) =>
        (this.logs.get(topic) ?? []).flatMap((_, partition) =>
          partition % members.length === index ? [{ topic, partition }] : [],
        ),
      );
      member.assign(mine, true);
    });
  }

  async connect(): Promise<void> {
    await this.probe();
  }

  consumer(settings: ConsumerSettings, listener: ConsumerListener): MemoryConsumer {
    const consumer = new MemoryConsumer(this, settings, listener);
    this.consumers.push(consumer);
    return consumer;
  }

  async send(records: readonly OutgoingRecord[]): Promise<void> {
    await this.probe();
    this.onSend?.(records);
    for (const { topic, partition = 0, ...record } of records) this.append(topic, partition, record);
  }

  async scan(topic: string, visit: RecordVisitor, signal?: AbortSignal): Promise<void> {
    await this.probe([topic]);
    // Copies: what is appended from now on is beyond the end as of the call.
    const partitions = (this.logs.get(topic) ?? []).map((log) => [...log]);
    for (const record of partitions.flat()) {
      signal?.throwIfAborted();
      if (this.down) throw connectionError();
      if ((await visit(record)) === 'stop') return;
    }
    signal?.throwIfAborted();
  }

  async positions(group: string, partitions: readonly TopicPartition[]): Promise<readonly Position[]> {
    await this.probe();
    return partitions.flatMap(({ topic, partition }) => {
      const offset = this.position(group, topic, partition);
      return offset === undefined ? [] : [{ topic, partition, offset }];
    });
  }

  async probe(topics: readonly string[] = []): Promise<void> {
    if (this.down) throw connectionError();
    const missing = topics.filter((topic) => !this.logs.has(topic));
    if (missing.length > 0) throw new Error(`topics ${missing.join(', ')} do not exist`);
  }

  async close(): Promise<void> {}

  private partitionOf(topic: string, partition: number): BrokerRecord[] {
    const log = this.logs.get(topic)?.[partition];
    if (!log) throw new Error(`there is no partition ${topic}/${partition}`);
    return log;
  }
}
