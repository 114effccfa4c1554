import { logger } from '@millrace/telemetry';
import type { FetchedRecords, TopicPartition } from '../ports/broker.port.js';
import { AbandonedError } from '../failure/abandoned.error.js';
import type { ConsumerEnvironment } from './consumer-environment.js';
import { OffsetLedger } from './offset-ledger.js';
import type { RecordDecoder } from './record-decoder.js';
import type { RecordRunner } from './record-runner.js';
import type { QueuedRecord } from './work-item.js';

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

/**
 * One owned partition: a bounded queue that fetching fills and one loop that empties it, so that a slow
 * partition delays no other. States: running ⇄ suspended (the group rebalances: what is in flight goes on, nothing
 * new begins) → draining (finish what is in flight) or abandoned (lost).
 */
export class PartitionWorker {
  readonly ledger = new OffsetLedger();
  private readonly queue: QueuedRecord[] = [];
  private readonly abandoned = new AbortController();
  private stopping = false;
  private paused = false;
  private suspended = false;
  private wake: (() => void) | undefined;
  private readonly loop: Promise<void>;

  constructor(
    readonly partition: TopicPartition,
    private readonly environment: ConsumerEnvironment,
    private readonly decoder: RecordDecoder,
    private readonly runner: RecordRunner,
    private readonly host: PartitionHost,
  ) {
    this.loop = this.run();
  }

  /** True while its queue or its uncommitted records have reached their bound. */
  get isPaused(): boolean {
    return this.paused;
  }

  /** Takes fetched records in; those that were fetched before (after a rejoin) are dropped. */
  enqueue(fetched: FetchedRecords): void {
    if (this.stopping) return;
    const receivedAt = this.environment.clock.now();
    for (const record of fetched.records) {
      if (this.ledger.fetched(record.offset)) this.queue.push({ record, receivedAt });
    }
    this.ledger.covered(fetched.lastOffset);
    this.regulate();
    this.wake?.();
  }

  /** Begins no batch until `proceed`: whoever owns the partition after the rebalance shall not do it again. */
  suspend(): void {
    this.suspended = true;
  }

  /** The partition is still owned. */
  proceed(): void {
    this.suspended = false;
    this.wake?.();
  }

  /** The partition is lost: the queue is dropped, waiting ends, an open transaction may finish uncounted. */
  abandon(): void {
    this.stopping = true;
    this.queue.length = 0;
    this.abandoned.abort();
    this.wake?.();
  }

  /** Stops dispatching and resolves when nothing is in flight; what waits in the queue stays uncommitted. */
  drain(): Promise<void> {
    this.stopping = true;
    this.queue.length = 0;
    this.wake?.();
    return this.loop;
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      if (this.queue.length === 0 || this.suspended)
        await new Promise<void>((resolve) => (this.wake = resolve));
      await this.environment.gate.passed();
      if (this.stopping || this.suspended || this.queue.length === 0) continue;
      try {
        await this.runBatch(this.takeBatch());
        this.regulate();
      } catch (error) {
        if (error instanceof AbandonedError) return;
        log.error({ ...this.partition, err: error }, 'the runtime itself failed; nothing of it is committed');
        this.stopping = true;
        this.host.failed(error);
      }
    }
  }

  private async runBatch(batch: readonly QueuedRecord[]): Promise<void> {
    await this.runner.run(
      batch.map((queued) => this.decoder.decode(queued)),
      {
        signal: this.abandoned.signal,
        terminal: (item) => {
          if (this.abandoned.signal.aborted) return;
          this.ledger.terminal(item.record.offset);
          this.host.progressed(1);
        },
      },
    );
  }

  private takeBatch(): QueuedRecord[] {
    const { batchRecords, batchBytes } = this.environment.options;
    let bytes = 0;
    let count = 0;
    for (const { record } of this.queue) {
      bytes += record.value?.length ?? 0;
      if (count > 0 && (count >= batchRecords || bytes > batchBytes)) break;
      count += 1;
    }
    return this.queue.splice(0, count);
  }

  /** Pauses at the bounds and resumes at half of them, so that fetching does not flutter. */
  private regulate(): void {
    // A worker that ends must not pause a partition that another one may have taken over.
    if (this.stopping) return;
    const { queueRecords, uncommittedRecords } = this.environment.options;
    if (!this.paused && (this.queue.length >= queueRecords || this.ledger.size >= uncommittedRecords)) {
      this.paused = true;
      this.host.pause(this.partition);
    } else if (
      this.paused &&
      this.queue.length <= queueRecords / 2 &&
      this.ledger.size <= uncommittedRecords / 2
    ) {
      this.paused = false;
      this.host.resume(this.partition);
    }
  }
}
