import {
  Broker,
  type BrokerConsumer,
  type BrokerRecord,
  type ConsumerListener,
  type ConsumerSettings,
  type OutgoingRecord,
  type Position,
  type RecordVisitor,
  type TopicPartition,
} from '@millrace/messaging';

/**
 * A broker on which the topics and groups of one test have a name of their own, although the consumer under test
 * knows the fleet's names; its session times are divided, because the consumer's clock runs fast.
 */
export class NamespacedBroker extends Broker {
  private readonly consumers: NamespacedConsumer[] = [];

  constructor(
    private readonly broker: Broker,
    private readonly namespace: string,
    /** How much faster the consumer's clock runs than the machine's. */
    private readonly factor: number,
  ) {
    super();
  }

  connect(): Promise<void> {
    return this.broker.connect();
  }

  consumer(settings: ConsumerSettings, listener: ConsumerListener): BrokerConsumer {
    const { group, topics, sessionTimeoutMs, heartbeatIntervalMs } = settings;
    const own: ConsumerSettings = {
      group: this.outside(group),
      topics: topics.map((topic) => this.outside(topic)),
      sessionTimeoutMs: sessionTimeoutMs / this.factor,
      heartbeatIntervalMs: heartbeatIntervalMs / this.factor,
    };
    const consumer = new NamespacedConsumer(this, listener, (to) => this.broker.consumer(own, to));
    this.consumers.push(consumer);
    return consumer;
  }

  async send(records: readonly OutgoingRecord[]): Promise<void> {
    await this.broker.send(records.map((record) => ({ ...record, topic: this.outside(record.topic) })));
  }

  scan(topic: string, visit: RecordVisitor, signal?: AbortSignal): Promise<void> {
    return this.broker.scan(this.outside(topic), (record) => visit({ ...record, topic }), signal);
  }

  async positions(group: string, partitions: readonly TopicPartition[]): Promise<readonly Position[]> {
    const own = partitions.map((one) => ({ ...one, topic: this.outside(one.topic) }));
    const positions = await this.broker.positions(this.outside(group), own);
    return positions.map((position) => this.inside(position));
  }

  probe(topics: readonly string[] = []): Promise<void> {
    return this.broker.probe(topics.map((topic) => this.outside(topic)));
  }

  close(): Promise<void> {
    return this.broker.close();
  }

  /** Ends all consumers as if their process were killed. */
  kill(): void {
    for (const consumer of this.consumers) consumer.kill();
  }

  /** Resolves when those that were killed have left the real groups. */
  async gone(): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.gone));
  }

  /** The name that a topic or group has on the real broker. */
  outside(name: string): string {
    return `${this.namespace}.${name}`;
  }

  /** The name that the consumer under test knows. */
  inside<Named extends { readonly topic: string }>(named: Named): Named {
    return { ...named, topic: named.topic.slice(this.namespace.length + 1) };
  }
}

/** A member whose listener hears of the names that it knows, and of nothing more once it was killed. */
class NamespacedConsumer implements BrokerConsumer {
  gone: Promise<void> = Promise.resolve();
  private killed = false;
  private readonly consumer: BrokerConsumer;

  constructor(
    private readonly names: NamespacedBroker,
    private readonly listener: ConsumerListener,
    make: (listener: ConsumerListener) => BrokerConsumer,
  ) {
    this.consumer = make(this.hearing());
  }

  start(): Promise<void> {
    return this.consumer.start();
  }

  pause({ topic, partition }: TopicPartition): void {
    this.consumer.pause({ topic: this.names.outside(topic), partition });
  }

  resume({ topic, partition }: TopicPartition): void {
    this.consumer.resume({ topic: this.names.outside(topic), partition });
  }

  paused(): readonly TopicPartition[] {
    return this.consumer.paused().map((partition) => this.names.inside(partition));
  }

  async commit(positions: readonly Position[]): Promise<void> {
    if (this.killed) throw new Error('the process is gone');
    await this.consumer.commit(
      positions.map((position) => ({ ...position, topic: this.names.outside(position.topic) })),
    );
  }

  async stop(): Promise<void> {
    if (!this.killed) await this.consumer.stop();
  }

  kill(): void {
    if (this.killed) return;
    this.killed = true;
    this.gone = this.consumer.stop().catch(() => undefined);
    this.listener.onCrashed(new Error('killed'), false);
  }

  private hearing(): ConsumerListener {
    const alive = (tell: () => void) => {
      if (!this.killed) tell();
    };
    const { names, listener } = this;
    const inside = (record: BrokerRecord) => names.inside(record);
    return {
      onRecords: (fetched) =>
        alive(() => listener.onRecords({ ...names.inside(fetched), records: fetched.records.map(inside) })),
      onRebalancing: () => alive(() => listener.onRebalancing()),
      onAssigned: (partitions, continuous) =>
        alive(() =>
          listener.onAssigned(
            partitions.map((one) => names.inside(one)),
            continuous,
          ),
        ),
      onHeartbeat: () => alive(() => listener.onHeartbeat()),
      onFetched: (tookMs) => alive(() => listener.onFetched(tookMs)),
      onCrashed: (error, connection) => alive(() => listener.onCrashed(error, connection)),
    };
  }
}
