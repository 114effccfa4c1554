import type {
  BrokerConsumer,
  BrokerRecord,
  ConsumerListener,
  ConsumerSettings,
  FetchedRecords,
  Position,
  TopicPartition,
} from '@millrace/messaging';

/** What a member needs of the log that it reads. */
export interface SharedLog {
  /** Records that one fetch of a partition brings at most. */
  readonly fetchRecords: number;
  probe(): Promise<void>;
  read(topic: string, partition: number, from: bigint, count: number): readonly BrokerRecord[];
  position(group: string, topic: string, partition: number): bigint | undefined;
  keepPositions(group: string, positions: readonly Position[]): void;
  rebalance(group: string): void;
}

/** A member of a group on the broker in memory; tests move its assignment and its end. */
export class MemoryConsumer implements BrokerConsumer {
  /** True from its start to its end. */
  joined = false;
  /** Set to make `start` wait, as a join does while a group rebalances. */
  startsAfter: Promise<void> | undefined;
  private readonly pauses = new Set<string>();
  private readonly positions = new Map<string, { partition: TopicPartition; next: bigint }>();
  private scheduled = false;

  constructor(
    private readonly broker: SharedLog,
    readonly settings: ConsumerSettings,
    private readonly listener: ConsumerListener,
  ) {}

  async start(): Promise<void> {
    await this.broker.probe();
    await this.startsAfter;
    this.joined = true;
    this.broker.rebalance(this.settings.group);
  }

  pause(partition: TopicPartition): void {
    this.pauses.add(keyOf(partition));
  }

  resume(partition: TopicPartition): void {
    this.pauses.delete(keyOf(partition));
    this.wake();
  }

  paused(): readonly TopicPartition[] {
    return [...this.positions.values()]
      .map(({ partition }) => partition)
      .filter((partition) => this.pauses.has(keyOf(partition)));
  }

  async commit(positions: readonly Position[]): Promise<void> {
    await this.broker.probe();
    if (!this.joined) throw new Error('ILLEGAL_GENERATION');
    this.broker.keepPositions(this.settings.group, positions);
  }

  async stop(): Promise<void> {
    if (!this.joined) return;
    this.joined = false;
    this.positions.clear();
    this.broker.rebalance(this.settings.group);
  }

  /** Tells the listener that the group rebalances. */
  announceRebalance(): void {
    if (this.positions.size > 0) this.listener.onRebalancing();
  }

  /** Gives it partitions, whose fetching begins at the committed position, as the real client does. */
  assign(partitions: readonly TopicPartition[], continuous: boolean): void {
    this.positions.clear();
    for (const partition of partitions) {
      const next = this.broker.position(this.settings.group, partition.topic, partition.partition) ?? 0n;
      this.positions.set(keyOf(partition), { partition, next });
    }
    this.listener.onAssigned(partitions, continuous);
    this.wake();
  }

  /** Lets the coordinator hear from it. */
  beat(): void {
    this.listener.onHeartbeat();
  }

  /** Gives its listener records, whether it owns their partition or not. */
  deliver(fetched: FetchedRecords): void {
    this.listener.onRecords(fetched);
  }

  /** Ends it as the real client ends after a failure; its partitions go to nobody until somebody joins. */
  crash(error: Error, connection: boolean): void {
    this.joined = false;
    this.positions.clear();
    this.listener.onCrashed(error, connection);
  }

  /** There may be something to fetch. */
  wake(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.fetch();
    });
  }

  private fetch(): void {
    if (!this.joined) return;
    this.listener.onFetched(0);
    for (const [key, at] of this.positions) {
      if (this.pauses.has(key)) continue;
      const { topic, partition } = at.partition;
      const records = this.broker.read(topic, partition, at.next, this.broker.fetchRecords);
      const last = records.at(-1);
      if (!last) continue;
      at.next = last.offset + 1n;
      this.listener.onRecords({ topic, partition, records, lastOffset: last.offset });
      this.wake();
    }
  }
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
