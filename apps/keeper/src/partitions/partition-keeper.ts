import { reasonOf } from '../reason-of.js';
import { backoffMs } from '../timing/backoff.js';
import type { Clock } from '../timing/clock.js';
import type { KeeperLog } from '../timing/keeper-log.js';
import { KeeperLoop } from '../timing/keeper-loop.js';
import { utcDayOf, type UtcDay } from './day-bounds.js';
import { daysToKeep } from './partition-plan.js';
import type { RetiredPartition, RetireReport } from './retire-partitions.js';

/** Pause between two looks at the partitions, in milliseconds: an hour. */
export const PARTITION_LOOK_MS = 60 * 60 * 1_000;

/** What the partition keeper needs. */
export interface PartitionKeeperParts {
  /** Makes the missing partitions of those days and names the new ones; throws when it could not make all. */
  readonly ensure: (days: readonly UtcDay[]) => Promise<readonly string[]>;
  /** Drops the partitions whose time has come as of that instant and tells what it did; throws when it could not look. */
  readonly retire: (now: number) => Promise<RetireReport>;
  readonly clock: Clock;
  readonly log: KeeperLog;
}

/** What is known of the partitions. */
export interface PartitionStatus {
  /** Whether every table has its partition for tomorrow. */
  readonly ready: boolean;
  /** Why the last look failed, or which partitions are kept for too long; unset when all is well. */
  readonly problem?: string;
  /** Partitions that should have been dropped more than a day ago. */
  readonly overdue: readonly RetiredPartition[];
}

/**
 * Makes every table's day partitions and drops those whose time has come, at the start and hourly; after a failure again
 * with backoff, 1 s to 30 s. That something old cannot be dropped yet is told, and is no failure.
 */
export class PartitionKeeper {
  readonly #loop: KeeperLoop;
  #keptThrough: UtcDay | undefined;
  #problem: string | undefined;
  #failures = 0;
  #overdue: readonly RetiredPartition[] = [];

  constructor(private readonly parts: PartitionKeeperParts) {
    this.#loop = new KeeperLoop(parts.clock, () => this.#look());
  }

  /** Begins with a look at once. */
  start(): void {
    this.#loop.start();
  }

  /** Resolves when a look that is under way has ended. */
  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** What the last look found, against the present day. */
  status(): PartitionStatus {
    const tomorrow = utcDayOf(this.parts.clock.now()) + 1;
    const ready = this.#keptThrough !== undefined && this.#keptThrough >= tomorrow;
    const problem = this.#problem ?? overdueProblem(this.#overdue);
    return { ready, overdue: this.#overdue, ...(problem === undefined ? {} : { problem }) };
  }

  async #look(): Promise<number> {
    const now = this.parts.clock.now();
    const days = daysToKeep(now);
    try {
      const created = await this.parts.ensure(days);
      if (created.length > 0) this.parts.log.info({ created }, 'day partitions made');
      this.#keptThrough = days.at(-1);
      this.#report(await this.parts.retire(now));
      this.#problem = undefined;
      this.#failures = 0;
      return PARTITION_LOOK_MS;
    } catch (error) {
      this.#failures += 1;
      this.#problem = reasonOf(error);
      this.parts.log.warn(
        { problem: this.#problem, failures: this.#failures },
        'day partitions not all made or dropped',
      );
      return backoffMs(this.#failures);
    }
  }

  #report({ dropped, overdue }: RetireReport): void {
    this.#overdue = overdue;
    for (const { schema, name, reason } of dropped)
      this.parts.log.info({ partition: `${schema}.${name}`, reason }, 'day partition dropped');
    for (const { schema, name, reason } of overdue)
      this.parts.log.warn({ partition: `${schema}.${name}`, reason }, 'day partition cannot be dropped yet');
  }
}

function overdueProblem(overdue: readonly RetiredPartition[]): string | undefined {
  const [first] = overdue;
  if (!first) return undefined;
  return `${overdue.length} partitions are overdue, ${first.schema}.${first.name} first: ${first.reason}`;
}
