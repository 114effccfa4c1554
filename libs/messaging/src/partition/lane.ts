import { notePhasesBefore } from '../observe/batch-phases.js';
import type { ConsumerEnvironment } from '../runtime/consumer-environment.js';
import type { BlockedKey } from '../ports/failure.js';
import type { QueuedRecord } from '../record/work-item.js';

/** What a lane asks of its partition. */
export interface LaneHost {
  /** Brings a batch to its terminal states. */
  runBatch(batch: readonly QueuedRecord[]): Promise<void>;
  /** Drives a parked key that is due; true when it has more to do at once. */
  drive(key: BlockedKey): Promise<boolean>;
  /** True while nothing new may begin. */
  suspended(): boolean;
  /** Something left the queue. */
  shrunk(): void;
}

/**
 * One loop over part of a partition's records: batches of the live flow and due parked keys take turns, and never
 * run side by side.
 */
export class Lane {
  private readonly queue: QueuedRecord[] = [];
  private readonly due = new Map<string, BlockedKey>();
  private readonly stopped = new AbortController();
  private wakeUp: (() => void) | undefined;

  constructor(
    private readonly environment: ConsumerEnvironment,
    private readonly host: LaneHost,
  ) {}

  /** Records that wait. */
  get length(): number {
    return this.queue.length;
  }

  push(record: QueuedRecord): void {
    this.queue.push(record);
  }

  /** A parked key of this lane is due. */
  driveSoon(key: BlockedKey): void {
    this.due.set(key.key.toString('latin1'), key);
  }

  /** There may be something to do. */
  wake(): void {
    this.wakeUp?.();
  }

  /** Begins nothing any more; what waits stays uncommitted. */
  stop(): void {
    this.stopped.abort();
    this.queue.length = 0;
    this.due.clear();
    this.wake();
  }

  /** Works until it is stopped; rejects with what the runtime itself throws. */
  async run(): Promise<void> {
    while (!this.stopping) {
      if ((this.queue.length === 0 && this.due.size === 0) || this.host.suspended())
        await new Promise<void>((resolve) => (this.wakeUp = resolve));
      await this.environment.gate.passed();
      if (this.stopping || this.host.suspended()) continue;
      await this.driveOne();
      if (this.stopping || this.host.suspended()) continue;
      await this.runOneBatch();
    }
  }

  private get stopping(): boolean {
    return this.stopped.signal.aborted;
  }

  private async driveOne(): Promise<void> {
    const [next] = this.due;
    if (!next) return;
    const [id, key] = next;
    this.due.delete(id);
    if (await this.host.drive(key)) this.due.set(id, key);
  }

  private async runOneBatch(): Promise<void> {
    const { clock } = this.environment;
    const [first] = this.queue;
    if (!first) return;
    const wait = dueAt(first) - clock.now();
    if (wait > 0) {
      // Copies of one delay lie in the order in which they are due, so nobody behind the first is due before it.
      await clock.sleep(wait, this.stopped.signal);
      return;
    }
    const batch = this.takeBatch();
    notePhasesBefore(batch, this.environment.options.group, clock.now());
    await this.host.runBatch(batch);
    this.host.shrunk();
  }

  private takeBatch(): QueuedRecord[] {
    const { options, clock } = this.environment;
    const now = clock.now();
    let bytes = 0;
    let count = 0;
    for (const queued of this.queue) {
      bytes += queued.record.value?.length ?? 0;
      const full = count >= options.batchRecords || bytes > options.batchBytes || dueAt(queued) > now;
      if (count > 0 && full) break;
      count += 1;
    }
    return this.queue.splice(0, count);
  }
}

function dueAt({ origin }: QueuedRecord): number {
  return origin.kind === 'retry' ? origin.notBefore : 0;
}
