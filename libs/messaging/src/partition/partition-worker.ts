import { countOffsetJump, logger } from '@millrace/telemetry';
import { AbandonedError } from '../failure/abandoned.error.js';
import type { FailurePath } from '../failure/failure-path.js';
import type { FetchedRecords, TopicPartition } from '../ports/broker.port.js';
import type { ConsumerEnvironment } from '../runtime/consumer-environment.js';
import type { BlockedKey } from '../ports/failure.js';
import { noteContracts } from '../observe/contract-sight.js';
import { Lane } from './lane.js';
import { OffsetLedger } from './offset-ledger.js';
import { BlockedKeys, laneOf, orderingKey } from './ordering-key.js';
import type { ParkedDriver } from './parked-driver.js';
import { queued } from '../record/queued-record.js';
import type { RecordDecoder } from '../record/record-decoder.js';
import type { RecordRunner } from '../record/record-runner.js';
import type { RunControl } from '../record/run-control.js';
import type { TopicRole } from './topic-role.js';
import type { QueuedRecord } from '../record/work-item.js';

/** Polls of due keys between two comparisons of all blocked keys with the store. */
const POLLS_PER_COMPARISON = 10;

const log = logger('millrace.partition');

/** What a partition's worker asks of its consumer. */
export interface PartitionHost {
  /** Stop fetching this partition for now, or go on. */
  pause(partition: TopicPartition): void;
  resume(partition: TopicPartition): void;
  /** Records became terminal: there may be offsets to commit. */
  progressed(records: number): void;
  /** The worker cannot go on for a reason that no retry mends; nothing of it is committed. */
  failed(error: unknown): void;
}

/** What the workers of a consumer share. */
export interface WorkerTools {
  readonly environment: ConsumerEnvironment;
  readonly decoder: RecordDecoder;
  readonly runner: RecordRunner;
  readonly driver: ParkedDriver;
  readonly failures: FailurePath;
}

/**
 * One owned partition: bounded queues that fetching fills and a loop per lane that empties them, so that a slow
 * partition delays no other. States: preparing (its blocked keys are loaded) → running ⇄ suspended (the group
 * rebalances: what is in flight goes on, nothing new begins) → draining (finish what is in flight) or abandoned
 * (lost).
 */
export class PartitionWorker implements RunControl {
  readonly ledger = new OffsetLedger();
  readonly blocked = new BlockedKeys();
  private readonly lanes: readonly Lane[];
  private readonly abandoned = new AbortController();
  private readonly ending = new AbortController();
  private paused = false;
  private suspended = false;
  private polls = 0;
  private expected: bigint | undefined;
  private readonly loop: Promise<void>;

  constructor(
    readonly partition: TopicPartition,
    private readonly role: TopicRole,
    private readonly tools: WorkerTools,
    private readonly host: PartitionHost,
    /** The group's committed position, if it is known and can be had. */
    position: Promise<bigint | undefined>,
  ) {
    this.lanes = Array.from({ length: tools.environment.options.lanes }, () => this.lane());
    this.loop = this.run(position);
  }

  /** Aborts when the partition is lost. */
  get signal(): AbortSignal {
    return this.abandoned.signal;
  }

  /** Aborts when it begins nothing any more. */
  get stopping(): AbortSignal {
    return this.ending.signal;
  }

  /** True while its queue or its uncommitted records have reached their bound. */
  get isPaused(): boolean {
    return this.paused;
  }

  /** Takes fetched records in; those that were fetched before (after a rejoin) are dropped. */
  enqueue(fetched: FetchedRecords): void {
    if (this.stopping.aborted) return;
    const { options, clock } = this.tools.environment;
    const receivedAt = clock.now();
    for (const record of fetched.records) {
      if (!this.ledger.fetched(record.offset)) continue;
      const lane = options.lanes === 1 ? 0 : laneOf(orderingKey(record), options.lanes);
      this.lanes[lane]?.push(queued(record, this.role, receivedAt));
    }
    this.ledger.covered(fetched.lastOffset);
    this.noticeJump();
    this.regulate();
    this.lanes.forEach((lane) => lane.wake());
  }

  /** The record is terminal, unless the partition is somebody else's by now. */
  terminal({ record }: Pick<QueuedRecord, 'record'>): void {
    if (this.signal.aborted) return;
    this.ledger.terminal(record.offset);
    this.host.progressed(1);
  }

  /** Tries the head of a blocked key once, spending no attempt; rejects when it fails. */
  probeHead(key: BlockedKey): Promise<void> {
    return this.tools.driver.probe(key, this);
  }

  /** Looks for parked keys that are due, and now and then for what others did to the parked keys. */
  async pollParked(): Promise<void> {
    if (this.blocked.size === 0 || this.stopping.aborted || this.suspended) return;
    const { store, options, clock } = this.tools.environment;
    const { topic, partition } = this.partition;
    const due = await store.dueKeys(
      options.group,
      topic,
      partition,
      clock.now(),
      options.deadHead === 'drain',
    );
    this.polls += 1;
    const compared = this.polls % POLLS_PER_COMPARISON === 0 ? await this.changedElsewhere() : [];
    for (const key of [...due, ...compared]) {
      this.blocked.add(key);
      const lane = this.lanes[laneOf(key.key, options.lanes)];
      lane?.driveSoon(key);
      lane?.wake();
    }
  }

  /** Begins no batch until `proceed`: whoever owns the partition after the rebalance shall not do it again. */
  suspend(): void {
    this.suspended = true;
  }

  /** The partition is still owned. */
  proceed(): void {
    this.suspended = false;
    this.lanes.forEach((lane) => lane.wake());
  }

  /** The partition is lost: the queue is dropped, waiting ends, an open transaction may finish uncounted. */
  abandon(): void {
    this.abandoned.abort();
    this.ending.abort();
    this.lanes.forEach((lane) => lane.stop());
  }

  /** Stops dispatching and resolves when nothing is in flight; what waits in the queue stays uncommitted. */
  drain(): Promise<void> {
    this.ending.abort();
    this.lanes.forEach((lane) => lane.stop());
    return this.loop;
  }

  private async run(position: Promise<bigint | undefined>): Promise<void> {
    try {
      this.expected = await position;
      this.noticeJump();
      await this.loadBlockedKeys();
      await Promise.all(this.lanes.map((lane) => lane.run()));
    } catch (error) {
      if (error instanceof AbandonedError) return;
      log.error({ ...this.partition, err: error }, 'the runtime itself failed; nothing of it is committed');
      this.ending.abort();
      this.lanes.forEach((lane) => lane.stop());
      this.host.failed(error);
    }
  }

  private lane(): Lane {
    const { environment, decoder, runner, driver } = this.tools;
    return new Lane(environment, {
      runBatch: (batch) => {
        const items = batch.map((record) => decoder.decode(record));
        noteContracts(environment.options.group, items);
        return runner.run(items, this);
      },
      drive: (key) => driver.drive(key, this),
      suspended: () => this.suspended,
      shrunk: () => this.regulate(),
    });
  }

  /** Fetching that begins behind the committed position has passed records that nobody has handled. */
  private noticeJump(): void {
    const { start } = this.ledger;
    if (this.expected === undefined || start === undefined) return;
    const missed = start - this.expected;
    this.expected = undefined;
    if (missed <= 0n) return;
    const { group } = this.tools.environment.options;
    countOffsetJump({ group, topic: this.partition.topic }, Number(missed));
    log.error(
      { group, ...this.partition, missed: missed.toString() },
      'fetching began behind the committed position: records were deleted before they were handled',
    );
  }

  /** Before the first dispatch: a record behind a key that an earlier owner has parked must not run. */
  private async loadBlockedKeys(): Promise<void> {
    const { environment, failures } = this.tools;
    const { store, options } = environment;
    if (options.ordering !== 'key' || this.role.kind !== 'source') return;
    const { topic, partition } = this.partition;
    const keys = await failures.untilDone(this.signal, () =>
      store.blockedKeys(options.group, topic, partition),
    );
    keys.forEach((key) => this.blocked.add(key));
  }

  /** Keys that only memory or only the store knows as blocked: driving them finds out which is right. */
  private async changedElsewhere() {
    const { store, options } = this.tools.environment;
    const { topic, partition } = this.partition;
    const stored = await store.blockedKeys(options.group, topic, partition);
    const known = new Set(stored.map(({ key }) => key.toString('latin1')));
    return [
      ...stored.filter(({ key }) => !this.blocked.has(key)),
      ...[...this.blocked].filter(({ key }) => !known.has(key.toString('latin1'))),
    ];
  }

  /** Pauses at the bounds and resumes at half of them, so that fetching does not flutter. */
  private regulate(): void {
    // A worker that ends must not pause a partition that another one may have taken over.
    if (this.stopping.aborted) return;
    const { queueRecords, uncommittedRecords } = this.tools.environment.options;
    const waiting = this.lanes.reduce((sum, lane) => sum + lane.length, 0);
    if (!this.paused && (waiting >= queueRecords || this.ledger.size >= uncommittedRecords)) {
      this.paused = true;
      this.host.pause(this.partition);
    } else if (this.paused && waiting <= queueRecords / 2 && this.ledger.size <= uncommittedRecords / 2) {
      this.paused = false;
      this.host.resume(this.partition);
    }
  }
}
