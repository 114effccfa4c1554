import { logger, recordCommit, recordPhase } from '@millrace/telemetry';
import { observe } from '../api/observation-points.js';
import type { BrokerConsumer, Position } from '../ports/broker.port.js';
import type { Clock } from '../ports/clock.js';
import type { PartitionWorker } from '../partition/partition-worker.js';

/** Refused commits in a row that are worth a warning. */
const TELLING_REFUSALS = 10;

const log = logger('millrace.offsets');

/**
 * Commits the positions of the owned partitions, one request at a time. A commit that fails is repeated by the
 * next one: the effect is durable, the inbox guards against the redelivery.
 */
export class OffsetCommitter {
  private current: Promise<boolean> = Promise.resolve(true);
  private refusals = 0;
  /** When the first record became terminal that no commit covers, milliseconds since the epoch. */
  private waitingSince: number | undefined;

  constructor(
    private readonly group: string,
    private readonly workers: () => Iterable<PartitionWorker>,
    private readonly consumer: () => BrokerConsumer | undefined,
    private readonly clock: Clock,
  ) {}

  /** Records became terminal, so that there may be something to commit. */
  progressed(): void {
    this.waitingSince ??= this.clock.now();
  }

  /** Commits what is terminal and not yet committed; tells whether nothing of it is left; never rejects. */
  commit(): Promise<boolean> {
    this.current = this.current.then(() => this.commitNow());
    return this.current;
  }

  private async commitNow(): Promise<boolean> {
    const consumer = this.consumer();
    if (!consumer) return true;
    const due: { worker: PartitionWorker; position: Position }[] = [];
    for (const worker of this.workers()) {
      const offset = worker.ledger.position();
      if (offset !== undefined) due.push({ worker, position: { ...worker.partition, offset } });
    }
    if (due.length === 0) return true;
    observe('offsets.committing', this.group, () => []);
    const startedAt = this.clock.now();
    const { waitingSince = startedAt } = this;
    this.waitingSince = undefined;
    const measure = (error?: unknown) => {
      const seconds = (this.clock.now() - startedAt) / 1_000;
      for (const topic of new Set(due.map(({ position }) => position.topic)))
        recordCommit({ group: this.group, topic }, seconds, error);
    };
    try {
      await consumer.commit(due.map(({ position }) => position));
      due.forEach(({ worker, position }) => worker.ledger.commit(position.offset));
      this.refusals = 0;
      measure();
      recordPhase(this.group, 'commit', (this.clock.now() - waitingSince) / 1_000);
      observe('offsets.committed', this.group, () => []);
      return true;
    } catch (error) {
      this.refusals += 1;
      this.waitingSince ??= waitingSince;
      measure(error);
      // A rebalance refuses a few; more of them mean that a crash would have much delivered again.
      const level = this.refusals % TELLING_REFUSALS === 0 ? 'warn' : 'debug';
      log[level](
        { group: this.group, err: error, refusals: this.refusals },
        'offsets not committed; the next commit repeats them',
      );
      return false;
    }
  }
}
