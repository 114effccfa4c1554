import { countConsumed, countRebalance, logger, recordPoll } from '@millrace/telemetry';
import type {
  BrokerConsumer,
  ConsumerListener,
  FetchedRecords,
  TopicPartition,
} from '../ports/broker.port.js';
import { OffsetCommitter } from './offset-committer.js';
import { PartitionWorker, type WorkerTools } from '../partition/partition-worker.js';
import type { TopicRole } from '../partition/topic-role.js';

const FIRST_RESTART_MS = 250;
const LAST_RESTART_MS = 5_000;

/** How long a stop repeats its last commit, which a rebalance under way may refuse. */
const LAST_COMMIT_MS = 5_000;
const LAST_COMMIT_PAUSE_MS = 100;

/** How long the first dispatch waits for the committed positions. */
const POSITIONS_WITHIN_MS = 5_000;

const log = logger('millrace.consumer');

/** What a member of a group is made of. */
export interface GroupMemberSettings {
  /** Consumer group on the broker: the consumer's own, or the one of its retries. */
  readonly group: string;
  /** Topics that it reads, and what for. */
  readonly roles: ReadonlyMap<string, TopicRole>;
  /** Topics that must exist before it joins. */
  readonly required: readonly string[];
  readonly tools: WorkerTools;
  /** Aborts when the whole consumer has stopped. */
  readonly stopped: AbortSignal;
  /** Called once when it cannot go on and the process must end. */
  readonly onFatal: (error: unknown) => void;
}

/** What a member holds of a topic at the moment. */
export interface TopicLoad {
  readonly topic: string;
  readonly inflight: number;
  readonly pausedPartitions: number;
  readonly parkedKeys: number;
}

/**
 * A member of a consumer group and the workers of its partitions. States of the membership:
 * starting → joined ⇄ rebalancing; crashed (connection) → starting, with backoff; crashed otherwise → fatal;
 * stop: drain, commit, leave.
 */
export class GroupMember implements ConsumerListener {
  private readonly workers = new Map<string, PartitionWorker>();
  private readonly committer: OffsetCommitter;
  private consumer: BrokerConsumer | undefined;
  private isJoined = false;
  private stopping = false;
  private heartbeatAt: number;
  private fetchedAt: number;
  private restartMs = FIRST_RESTART_MS;
  private terminalSinceCommit = 0;

  constructor(private readonly settings: GroupMemberSettings) {
    this.heartbeatAt = this.now();
    this.fetchedAt = this.now();
    this.committer = new OffsetCommitter(
      settings.group,
      () => this.workers.values(),
      () => this.consumer,
      settings.tools.environment.clock,
    );
  }

  /** Begins to join the group; returns at once, because the broker may be away for a while. */
  start(): void {
    void this.tickUntilStopped();
    void this.pollUntilStopped();
    void this.join();
  }

  /** True between an assignment and the next rebalance, crash or stop. */
  get joined(): boolean {
    return this.isJoined;
  }

  /** Partitions that it owns. */
  get partitions(): number {
    return this.workers.size;
  }

  /** Milliseconds since the coordinator last heard from it; since its start before that. */
  get heartbeatAgeMs(): number {
    return this.now() - this.heartbeatAt;
  }

  /** Milliseconds since its fetch loop last made a round; since its last start before that. */
  get fetchAgeMs(): number {
    return this.now() - this.fetchedAt;
  }

  /** What it holds, by topic. */
  *load(): Generator<TopicLoad> {
    for (const topic of this.settings.roles.keys()) {
      const workers = [...this.workers.values()].filter((worker) => worker.partition.topic === topic);
      yield {
        topic,
        inflight: workers.reduce((sum, worker) => sum + worker.ledger.size, 0),
        pausedPartitions: workers.filter((worker) => worker.isPaused).length,
        parkedKeys: workers.reduce((sum, worker) => sum + worker.blocked.size, 0),
      };
    }
  }

  /** Begins nothing new and resolves when nothing is in flight; the membership goes on. */
  async drain(): Promise<void> {
    this.stopping = true;
    await Promise.all([...this.workers.values()].map((worker) => worker.drain()));
  }

  /** Commits what is terminal and leaves the group. */
  async leave(): Promise<void> {
    this.stopping = true;
    await this.commitLast();
    this.workers.forEach((worker) => worker.abandon());
    await this.consumer
      ?.stop()
      .catch((error: unknown) => log.warn({ err: error }, 'left the group uncleanly'));
    this.isJoined = false;
  }

  onRecords(fetched: FetchedRecords): void {
    const { options } = this.settings.tools.environment;
    countConsumed({ group: options.group, topic: fetched.topic }, fetched.records.length);
    const worker = this.workers.get(keyOf(fetched));
    if (worker) worker.enqueue(fetched);
    // Dropping them would let a later commit pass them: a new consumer fetches them again.
    else if (!this.stopping) this.replace('records of a partition that is not owned');
  }

  onHeartbeat(): void {
    this.heartbeatAt = this.now();
    this.restartMs = FIRST_RESTART_MS;
  }

  onFetched(tookMs: number): void {
    recordPoll(this.settings.group, tookMs / 1_000);
    this.fetchedAt = this.now();
  }

  onRebalancing(): void {
    // Nothing can be drained before the join, so what is terminal goes out at once and nothing new is begun.
    this.isJoined = false;
    this.workers.forEach((worker) => worker.suspend());
    void this.committer.commit();
  }

  onAssigned(partitions: readonly TopicPartition[], continuous: boolean): void {
    this.heartbeatAt = this.now();
    countRebalance(this.settings.group);
    const owned = new Set(partitions.map(keyOf));
    for (const [key, worker] of this.workers) {
      if (continuous && owned.has(key)) continue;
      worker.abandon();
      this.workers.delete(key);
    }
    // A stopping member takes nothing new on, but it must not commit what it has lost either.
    if (this.stopping) return;
    const positions = this.positionsOf(partitions.filter((one) => !this.workers.has(keyOf(one))));
    for (const partition of partitions) {
      const worker = this.workers.get(keyOf(partition)) ?? this.adopt(partition, positions);
      if (!worker) continue;
      // The client keeps the pause of a partition that it lost and got back.
      if (worker.isPaused) this.consumer?.pause(partition);
      else this.consumer?.resume(partition);
      worker.proceed();
    }
    this.isJoined = true;
    log.info({ group: this.settings.group, partitions: owned.size, continuous }, 'joined the group');
  }

  onCrashed(error: Error, connection: boolean): void {
    this.isJoined = false;
    this.consumer = undefined;
    this.workers.forEach((worker) => worker.abandon());
    this.workers.clear();
    if (this.stopping) return;
    if (!connection) {
      this.settings.onFatal(error);
      return;
    }
    void this.rejoin(error);
  }

  private async commitLast(): Promise<void> {
    const { clock } = this.settings.tools.environment;
    const deadline = clock.now() + LAST_COMMIT_MS;
    while (!(await this.committer.commit()) && clock.now() < deadline)
      await clock.sleep(LAST_COMMIT_PAUSE_MS);
  }

  /** Committed positions of partitions that are new to this member; what cannot be had in time is not compared. */
  private async positionsOf(partitions: readonly TopicPartition[]): Promise<ReadonlyMap<string, bigint>> {
    const { broker, clock } = this.settings.tools.environment;
    if (partitions.length === 0) return new Map();
    const patience = new AbortController();
    const asked = broker.positions(this.settings.group, partitions).catch(() => []);
    const known = await Promise.race([
      asked,
      clock.sleep(POSITIONS_WITHIN_MS, patience.signal).then(() => []),
    ]);
    patience.abort();
    return new Map(known.map((position) => [keyOf(position), position.offset]));
  }

  private adopt(
    partition: TopicPartition,
    positions: Promise<ReadonlyMap<string, bigint>>,
  ): PartitionWorker | undefined {
    const role = this.settings.roles.get(partition.topic);
    if (!role) return undefined;
    const position = positions.then((known) => known.get(keyOf(partition)));
    const worker = new PartitionWorker(
      partition,
      role,
      this.settings.tools,
      {
        pause: (lagging) => this.consumer?.pause(lagging),
        resume: (caughtUp) => this.consumer?.resume(caughtUp),
        progressed: (records) => this.progressed(records),
        failed: (error) => this.settings.onFatal(error),
      },
      position,
    );
    this.workers.set(keyOf(partition), worker);
    return worker;
  }

  private async join(): Promise<void> {
    const { group, required, roles, tools } = this.settings;
    const { broker, options } = tools.environment;
    this.heartbeatAt = this.now();
    this.fetchedAt = this.now();
    let consumer: BrokerConsumer | undefined;
    try {
      await broker.probe(required);
      if (this.stopping) return;
      consumer = broker.consumer({ ...options, group, topics: [...roles.keys()] }, this);
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
    log.warn({ group: this.settings.group, err: error, waitMs: this.restartMs }, 'joining again');
    await this.settings.tools.environment.clock.sleep(this.restartMs, this.settings.stopped);
    this.restartMs = Math.min(this.restartMs * 2, LAST_RESTART_MS);
    if (!this.stopping) await this.join();
  }

  private progressed(records: number): void {
    this.committer.progressed();
    this.terminalSinceCommit += records;
    // While the group rebalances nobody knows whether the partition stays, so every step counts.
    if (this.joined && this.terminalSinceCommit < this.settings.tools.environment.options.commitRecords)
      return;
    this.terminalSinceCommit = 0;
    void this.committer.commit();
  }

  private async tickUntilStopped(): Promise<void> {
    const { clock, options } = this.settings.tools.environment;
    for (;;) {
      await clock.sleep(options.commitIntervalMs, this.settings.stopped);
      if (this.stopping) return;
      this.tick();
    }
  }

  private async pollUntilStopped(): Promise<void> {
    const { clock, options, gate } = this.settings.tools.environment;
    while (!this.stopping) {
      await clock.sleep(options.parkedPollMs, this.settings.stopped);
      await gate.passed();
      const polls = [...this.workers.values()].map((worker) => worker.pollParked());
      // The next poll repeats what the database did not answer; whoever works notices it too, and holds.
      await Promise.all(polls).catch((error: unknown) => log.debug({ err: error }, 'parked keys not polled'));
    }
  }

  private tick(): void {
    this.terminalSinceCommit = 0;
    void this.committer.commit();
    const silence = this.now() - this.heartbeatAt;
    if (this.consumer && silence > this.settings.tools.environment.options.sessionTimeoutMs * 3) {
      this.replace('no heartbeat for three session timeouts');
    }
  }

  /** The client cannot be relied on although it reports no crash: it is left behind and a new one joins. */
  private replace(reason: string): void {
    void this.consumer?.stop().catch(() => undefined);
    this.onCrashed(new Error(reason), true);
  }

  private now(): number {
    return this.settings.tools.environment.clock.now();
  }
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
