import { reasonOf } from '../reason-of.js';
import { backoffMs } from '../timing/backoff.js';
import type { Clock } from '../timing/clock.js';
import type { KeeperLog } from '../timing/keeper-log.js';
import { KeeperLoop } from '../timing/keeper-loop.js';
import { utcDayOf, type UtcDay } from './day-bounds.js';
import { daysToKeep } from './partition-plan.js';

/** Pause between two looks at the partitions, in milliseconds: an hour. */
export const PARTITION_LOOK_MS = 60 * 60 * 1_000;

/** What the partition keeper needs. */
export interface PartitionKeeperParts {
  /** Makes the missing partitions of those days and names the new ones; throws when it could not make all. */
  readonly ensure: (days: readonly UtcDay[]) => Promise<readonly string[]>;
  readonly clock: Clock;
  readonly log: KeeperLog;
}

/** What is known of the partitions. */
export interface PartitionStatus {
  /** Whether every table has its partition for tomorrow. */
  readonly ready: boolean;
  /** Why the last look failed; unset after a good one. */
  readonly problem?: string;
}

/** Makes every table's day partitions at the start and hourly; after a failure again with backoff, 1 s to 30 s. */
export class PartitionKeeper {
  readonly #loop: KeeperLoop;
  #keptThrough: UtcDay | undefined;
  #problem: string | undefined;
  #failures = 0;

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
    return this.#problem === undefined ? { ready } : { ready, problem: this.#problem };
  }

  async #look(): Promise<number> {
    const days = daysToKeep(this.parts.clock.now());
    try {
      const created = await this.parts.ensure(days);
      if (created.length > 0) this.parts.log.info({ created }, 'day partitions made');
      this.#keptThrough = days.at(-1);
      this.#problem = undefined;
      this.#failures = 0;
      return PARTITION_LOOK_MS;
    } catch (error) {
      this.#failures += 1;
      this.#problem = reasonOf(error);
      this.parts.log.warn(
        { problem: this.#problem, failures: this.#failures },
        'day partitions not all made',
      );
      return backoffMs(this.#failures);
    }
  }
}
