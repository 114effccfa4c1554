import { countConsumed, logger, observeConsumer, preregisterDeadLetters } from '@millrace/telemetry';
import type { CompleteConsumerOptions } from '../api/consumer-options.js';
import type {
  Broker,
  BrokerConsumer,
  ConsumerListener,
  FetchedRecords,
  TopicPartition,
} from '../ports/broker.port.js';
import type { Clock } from '../ports/clock.js';
import type { ConsumerStore } from '../ports/consumer-store.port.js';
import type { ConsumerEnvironment } from './consumer-environment.js';
import { HoldGate } from '../failure/hold-gate.js';
import { OffsetCommitter } from './offset-committer.js';
import { PartitionWorker } from './partition-worker.js';
import { RecordDecoder } from './record-decoder.js';
import { RecordRunner } from './record-runner.js';
import type { BoundHandler } from './work-item.js';

const FIRST_RESTART_MS = 250;
const LAST_RESTART_MS = 5_000;

/** How long a stop repeats its last commit, which a rebalance under way may refuse. */
const LAST_COMMIT_MS = 5_000;
const LAST_COMMIT_PAUSE_MS = 100;

const log = logger('millrace.consumer');

/** What a consumer's runtime is made of. */
export interface ConsumerRuntimeSettings {
  readonly options: CompleteConsumerOptions;
  readonly topics: readonly string[];
  /** Handlers by CloudEvents type. */
  readonly handlers: ReadonlyMap<string, BoundHandler>;
  readonly broker: Broker;
  readonly store: ConsumerStore;
  readonly clock: Clock;
  readonly serviceVersion: string;
  /** Called once when the consumer cannot go on and the process must end. */
  readonly onFatal: (error: unknown) => void;
}

/** How a consumer is doing, for readiness and liveness. */
export interface ConsumerCondition {
  readonly group: string;
  /** True between an assignment and the next rebalance, crash or stop. */
  readonly joined: boolean;
  /** Why it holds, or null. */
  readonly held: string | null;
  /** Milliseconds since the coordinator last heard from this member; since the start before that. */
  readonly heartbeatAgeMs: number;
  readonly partitions: number;
}

/**
 * A member of a consumer group and the workers of its partitions. States of the membership:
 * starting → joined ⇄ rebalancing; crashed (connection) → starting, with backoff; crashed otherwise → fatal;
 * stop: drain, commit, leave.
 */
export class ConsumerRuntime implements ConsumerListener {
  private readonly stopped = new AbortController();
  private readonly environment: ConsumerEnvironment;
  private readonly decoder: RecordDecoder;
  private readonly runner: RecordRunner;
  private readonly workers = new Map<string, PartitionWorker>();
  private readonly committer: OffsetCommitter;
  private consumer: BrokerConsumer | undefined;
  private joined = false;
  private stopping = false;
  private failed = false;
  private heartbeatAt: number;
  private restartMs = FIRST_RESTART_MS;
  private terminalSinceCommit = 0;
  private ending: Promise<void> | undefined;
  private unobserve: (() => void) | undefined;

  constructor(private readonly settings: ConsumerRuntimeSettings) {
    const { options, broker, store, clock, serviceVersion } = settings;
    const gate = new HoldGate(options.group, clock, this.stopped.signal);
    this.environment = { options, broker, store, clock, serviceVersion, gate };
    this.decoder = new RecordDecoder(settings.handlers);
    this.runner = new RecordRunner(this.environment);
    this.heartbeatAt = clock.now();
    this.committer = new OffsetCommitter(
      () => this.workers.values(),
      () => this.consumer,
    );
  }

  /** Begins to join the group; returns at once, because the broker may be away for a while. */
  start(): void {
    const { options, topics } = this.settings;
    preregisterDeadLetters(options.group, topics);
    this.unobserve = observeConsumer(options.group, () => this.observe());
    void this.tickUntilStopped();
    void this.join();
  }

  /** Drains what is in flight, commits and leaves the group: after it nothing is redelivered. */
  stop(): Promise<void> {
    this.ending ??= this.drainAndLeave();
    return this.ending;
  }

  /** How the consumer is doing now. */
  condition(): ConsumerCondition {
    return {
      group: this.settings.options.group,
      joined: this.joined,
      held: this.environment.gate.reason,
      heartbeatAgeMs: this.environment.clock.now() - this.heartbeatAt,
      partitions: this.workers.size,
    };
  }

  onRecords(fetched: FetchedRecords): void {
    const { options } = this.settings;
    countConsumed({ group: options.group, topic: fetched.topic }, fetched.records.length);
    const worker = this.workers.get(keyOf(fetched));
    if (worker) worker.enqueue(fetched);
    // Dropping them would let a later commit pass them: a new consumer fetches them again.
    else if (!this.stopping) this.replace('records of a partition that is not owned');
  }

  onHeartbeat(): void {
    this.heartbeatAt = this.environment.clock.now();
    this.restartMs = FIRST_RESTART_MS;
  }

  onRebalancing(): void {
    // Nothing can be drained before the join, so what is terminal goes out at once and nothing new is begun.
    this.joined = false;
    this.workers.forEach((worker) => worker.suspend());
    void this.committer.commit();
  }

  onAssigned(partitions: readonly TopicPartition[], continuous: boolean): void {
    this.heartbeatAt = this.environment.clock.now();
    const owned = new Set(partitions.map(keyOf));
    for (const [key, worker] of this.workers) {
      if (continuous && owned.has(key)) continue;
      worker.abandon();
      this.workers.delete(key);
    }
    // A stopping member takes nothing new on, but it must not commit what it has lost either.
    if (this.stopping) return;
    for (const partition of partitions) {
      const worker = this.workers.get(keyOf(partition)) ?? this.adopt(partition);
      // The client keeps the pause of a partition that it lost and got back.
      if (worker.isPaused) this.consumer?.pause(partition);
      else this.consumer?.resume(partition);
      worker.proceed();
    }
    this.joined = true;
    log.info({ group: this.settings.options.group, partitions: owned.size, continuous }, 'joined the group');
  }

  onCrashed(error: Error, connection: boolean): void {
    this.joined = false;
    this.consumer = undefined;
    this.workers.forEach((worker) => worker.abandon());
    this.workers.clear();
    if (this.stopping) return;
    if (!connection) {
      this.fail(error);
      return;
    }
    void this.rejoin(error);
  }

  private async drainAndLeave(): Promise<void> {
    const { options } = this.settings;
    this.stopping = true;
    this.unobserve?.();
    const draining = Promise.all([...this.workers.values()].map((worker) => worker.drain()));
    if (this.environment.gate.reason !== null) this.stopped.abort();
    await Promise.race([draining, this.environment.clock.sleep(options.drainMs, this.stopped.signal)]);
    this.stopped.abort();
    await this.commitLast();
    this.workers.forEach((worker) => worker.abandon());
    await this.consumer
      ?.stop()
      .catch((error: unknown) => log.warn({ err: error }, 'left the group uncleanly'));
    this.joined = false;
  }

  private async commitLast(): Promise<void> {
    const { clock } = this.environment;
    const deadline = clock.now() + LAST_COMMIT_MS;
    while (!(await this.committer.commit()) && clock.now() < deadline)
      await clock.sleep(LAST_COMMIT_PAUSE_MS);
  }

  private fail(error: unknown): void {
    if (this.failed) return;
    this.failed = true;
    this.settings.onFatal(error);
  }

  private adopt(partition: TopicPartition): PartitionWorker {
    const worker = new PartitionWorker(partition, this.environment, this.decoder, this.runner, {
      pause: (lagging) => this.consumer?.pause(lagging),
      resume: (caughtUp) => this.consumer?.resume(caughtUp),
      progressed: (records) => this.progressed(records),
      failed: (error) => this.fail(error),
    });
    this.workers.set(keyOf(partition), worker);
    return worker;
  }

  private async join(): Promise<void> {
    const { options, topics, broker } = this.settings;
    this.heartbeatAt = this.environment.clock.now();
    let consumer: BrokerConsumer | undefined;
    try {
      await broker.probe([...topics]);
      if (this.stopping) return;
      consumer = broker.consumer({ ...options, topics }, this);
      this.consumer = consumer;
      await consumer.start();
    } catch (error) {
      // A consumer that was replaced while it started has a successor, whose life this is not.
      if (this.consumer !== consumer) return;
      void consumer?.stop().catch(() => undefined);
      this.consumer = undefined;
      await this.rejoin(error);
    }
  }

  private async rejoin(error: unknown): Promise<void> {
    log.warn({ group: this.settings.options.group, err: error, waitMs: this.restartMs }, 'joining again');
    await this.environment.clock.sleep(this.restartMs, this.stopped.signal);
    this.restartMs = Math.min(this.restartMs * 2, LAST_RESTART_MS);
    if (!this.stopping) await this.join();
  }

  private progressed(records: number): void {
    this.terminalSinceCommit += records;
    // While the group rebalances nobody knows whether the partition stays, so every step counts.
    if (this.joined && this.terminalSinceCommit < this.settings.options.commitRecords) return;
    this.terminalSinceCommit = 0;
    void this.committer.commit();
  }

  private async tickUntilStopped(): Promise<void> {
    const { clock } = this.environment;
    for (;;) {
      await clock.sleep(this.settings.options.commitIntervalMs, this.stopped.signal);
      if (this.stopping) return;
      this.tick();
    }
  }

  private tick(): void {
    this.terminalSinceCommit = 0;
    void this.committer.commit();
    const silence = this.environment.clock.now() - this.heartbeatAt;
    if (this.consumer && silence > this.settings.options.sessionTimeoutMs * 3) {
      this.replace('no heartbeat for three session timeouts');
    }
  }

  /** The client cannot be relied on although it reports no crash: it is left behind and a new one joins. */
  private replace(reason: string): void {
    void this.consumer?.stop().catch(() => undefined);
    this.onCrashed(new Error(reason), true);
  }

  private *observe(): Generator<{ topic: string; inflight: number; pausedPartitions: number }> {
    for (const topic of this.settings.topics) {
      const workers = [...this.workers.values()].filter((worker) => worker.partition.topic === topic);
      yield {
        topic,
        inflight: workers.reduce((sum, worker) => sum + worker.ledger.size, 0),
        pausedPartitions: workers.filter((worker) => worker.isPaused).length,
      };
    }
  }
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
