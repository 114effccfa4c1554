/** Value of a record header as it came: text, bytes, or several when a producer wrote the name twice. */
export type HeaderValue = string | Buffer | (string | Buffer)[] | undefined;

/** A record as the broker keeps it. */
export interface BrokerRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, HeaderValue>>;
  /** The record's timestamp, milliseconds since the epoch: for captured events the moment of capture. */
  readonly timestamp: number;
}

/** Records of one partition in offset order, as one fetch brought them. */
export interface FetchedRecords {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly BrokerRecord[];
  /** Last offset that the fetch covers, control records included. */
  readonly lastOffset: bigint;
}

/** A record to produce; the partition is explicit when order or origin demand it. */
export interface OutgoingRecord {
  readonly topic: string;
  readonly partition?: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Exclude<HeaderValue, undefined>>>;
}

/** One partition of one topic. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** A position to commit: the offset of the next record to read. */
export interface Position extends TopicPartition {
  readonly offset: bigint;
}

/** What a consumer tells its runtime. */
export interface ConsumerListener {
  /** A fetch arrived; must return at once. */
  onRecords(fetched: FetchedRecords): void;
  /** The group is rebalancing; nothing is owned for certain until the next assignment. */
  onRebalancing(): void;
  /**
   * This member's partitions from now on. `continuous` is false when a generation may have been missed: then
   * nothing of before may be trusted.
   */
  onAssigned(partitions: readonly TopicPartition[], continuous: boolean): void;
  /** The group's coordinator has heard from this member just now. */
  onHeartbeat(): void;
  /** The fetch loop has made a round of so many milliseconds, whether it brought records or not. */
  onFetched(tookMs: number): void;
  /** The consumer ended by itself; `connection` tells whether a new one may help. */
  onCrashed(error: Error, connection: boolean): void;
}

/** A member of a consumer group. */
export interface BrokerConsumer {
  start(): Promise<void>;
  pause(partition: TopicPartition): void;
  resume(partition: TopicPartition): void;
  /** Partitions that are paused now. */
  paused(): readonly TopicPartition[];
  commit(positions: readonly Position[]): Promise<void>;
  /** Leaves the group and closes the connection. */
  stop(): Promise<void>;
}

/** How a consumer takes part in its group; times in milliseconds. */
export interface ConsumerSettings {
  readonly group: string;
  readonly topics: readonly string[];
  readonly sessionTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
}

/** Told of one record of a scan; `stop` ends the scan at once. The next record waits for the answer, however long. */
export type RecordVisitor = (record: BrokerRecord) => Promise<'continue' | 'stop'>;

/** The log, as the runtime needs it. */
export abstract class Broker {
  abstract connect(): Promise<void>;
  abstract consumer(settings: ConsumerSettings, listener: ConsumerListener): BrokerConsumer;
  /** Produces and resolves once all in-sync replicas have each record. */
  abstract send(records: readonly OutgoingRecord[]): Promise<void>;
  /**
   * Reads every partition of a topic from its beginning to its end as of the call, in offset order per partition,
   * one record at a time, in bounded memory; leaves no group and no position behind. Rejects with what the visitor
   * throws, with the signal's reason when it aborts, and with an error when the broker is away or the topic missing.
   */
  abstract scan(topic: string, visit: RecordVisitor, signal?: AbortSignal): Promise<void>;
  /** Committed positions of a group on these partitions; a partition without one is left out. */
  abstract positions(group: string, partitions: readonly TopicPartition[]): Promise<readonly Position[]>;
  /** Succeeds when the broker answers and every one of the topics exists; names the missing ones otherwise. */
  abstract probe(topics?: readonly string[]): Promise<void>;
  abstract close(): Promise<void>;
}
