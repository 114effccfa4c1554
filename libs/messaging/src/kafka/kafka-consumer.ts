import { logger } from '@millrace/telemetry';
import type { Consumer, EachBatchPayload, Kafka, OffsetsByTopicPartition } from 'kafkajs';
import type {
  BrokerConsumer,
  ConsumerListener,
  ConsumerSettings,
  Position,
  TopicPartition,
} from '../ports/broker.port.js';
import { brokerRecordOf } from './broker-record.js';
import { isConnectionError } from './kafka-errors.js';

/** Longest wait of one fetch for new records; also how soon a resumed partition is fetched again. */
const FETCH_WAIT_MS = 500;
const METADATA_AGE_MS = 30_000;

const log = logger('millrace.kafka-consumer');

/**
 * A group member on kafkajs by hand-off: `eachBatch` gives the records away and resolves at once, so a slow
 * partition never keeps the others from being fetched. Offsets are committed by the runtime alone.
 */
export class KafkaConsumer implements BrokerConsumer {
  private readonly consumer: Consumer;
  private memberId: string | undefined;
  /** After stop() nothing is reported any more: another consumer may have taken this one's place. */
  private silent = false;
  private starting: Promise<void> | undefined;
  private commitNow: ((offsets: OffsetsByTopicPartition) => Promise<void>) | undefined;

  constructor(
    kafka: Kafka,
    private readonly settings: ConsumerSettings,
    private readonly listener: ConsumerListener,
  ) {
    this.consumer = kafka.consumer({
      groupId: settings.group,
      sessionTimeout: settings.sessionTimeoutMs,
      heartbeatInterval: settings.heartbeatIntervalMs,
      rebalanceTimeout: Math.max(settings.sessionTimeoutMs, 30_000),
      metadataMaxAge: METADATA_AGE_MS,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      allowAutoTopicCreation: false,
      retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 5, restartOnFailure: async () => false },
    });
    this.listen();
  }

  start(): Promise<void> {
    this.starting = this.join().finally(() => (this.starting = undefined));
    return this.starting;
  }

  private async join(): Promise<void> {
    await this.consumer.connect();
    this.assertWanted();
    // An unknown or vanished position means the beginning: "latest" would lose records.
    await this.consumer.subscribe({ topics: [...this.settings.topics], fromBeginning: true });
    this.assertWanted();
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: async (payload) => this.handOff(payload),
    });
  }

  pause({ topic, partition }: TopicPartition): void {
    this.steer(() => this.consumer.pause([{ topic, partitions: [partition] }]));
  }

  resume({ topic, partition }: TopicPartition): void {
    this.steer(() => this.consumer.resume([{ topic, partitions: [partition] }]));
  }

  paused(): readonly TopicPartition[] {
    return this.consumer
      .paused()
      .flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })));
  }

  /**
   * Commits with the current generation, once: kafkajs' own `commitOffsets` repeats a refused commit after the
   * next join, when the partition may belong to somebody else.
   */
  async commit(positions: readonly Position[]): Promise<void> {
    if (!this.commitNow) throw new Error('nothing was fetched yet, so there is nothing to commit');
    await this.commitNow(byTopic(positions));
  }

  async stop(): Promise<void> {
    this.silent = true;
    // A client that is disconnected while it joins goes on joining, and then owns partitions for nobody.
    await this.starting?.catch(() => undefined);
    await this.consumer.disconnect();
  }

  private assertWanted(): void {
    if (this.silent) throw new Error('the consumer was stopped before it joined');
  }

  /** A client that crashed or stops throws here; whoever joins next sets the pauses anew. */
  private steer(step: () => void): void {
    try {
      step();
    } catch (error) {
      log.debug({ err: error }, 'pause or resume of a consumer that has ended');
    }
  }

  private handOff({ batch, resolveOffset, commitOffsetsIfNecessary }: EachBatchPayload): void {
    if (this.silent) return;
    this.commitNow = commitOffsetsIfNecessary;
    this.listener.onRecords({
      topic: batch.topic,
      partition: batch.partition,
      records: batch.messages.map((message) => brokerRecordOf(batch.topic, batch.partition, message)),
      lastOffset: BigInt(batch.lastOffset()),
    });
    resolveOffset(batch.messages.at(-1)?.offset ?? batch.lastOffset());
  }

  private listen(): void {
    const { events } = this.consumer;
    this.consumer.on(events.HEARTBEAT, () => {
      if (!this.silent) this.listener.onHeartbeat();
    });
    this.consumer.on(events.FETCH, ({ payload }) => {
      if (!this.silent) this.listener.onFetched(payload.duration);
    });
    this.consumer.on(events.REBALANCING, () => {
      if (!this.silent) this.listener.onRebalancing();
    });
    this.consumer.on(events.GROUP_JOIN, ({ payload }) => {
      if (this.silent) return;
      // A member that kept its id took part in every generation; a new id means that some were missed.
      const continuous = this.memberId === payload.memberId;
      this.memberId = payload.memberId;
      const partitions = Object.entries(payload.memberAssignment).flatMap(([topic, numbers]) =>
        numbers.map((partition) => ({ topic, partition })),
      );
      this.listener.onAssigned(partitions, continuous);
    });
    this.consumer.on(events.CRASH, ({ payload }) => {
      if (!this.silent) this.listener.onCrashed(payload.error, isConnectionError(payload.error));
    });
  }
}

function byTopic(positions: readonly Position[]): OffsetsByTopicPartition {
  const topics = Map.groupBy(positions, ({ topic }) => topic);
  return {
    topics: [...topics].map(([topic, partitions]) => ({
      topic,
      partitions: partitions.map(({ partition, offset }) => ({ partition, offset: offset.toString() })),
    })),
  };
}
