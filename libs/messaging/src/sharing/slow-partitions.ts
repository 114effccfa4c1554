import type { RunControl } from '../record/run-control.js';

/** How often slower than the quickest transaction a partition must be to be the one. */
const TIMES_SLOWER = 4;

/** How long a slow partition runs apart, and how long it takes at least from one trial to the next. */
const APART_MS = 10_000;

/**
 * Finds who holds up the partitions that share transactions. After a slow one each of its partitions runs one batch
 * apart, which is a trial: who is slow again, and much slower than anybody's quickest since, runs apart for a while.
 * Where all are slow, as on a busy machine, nobody is.
 */
export class SlowPartitions {
  private readonly apartUntil = new WeakMap<RunControl, number>();
  /** Times of the trial that runs; undefined until a partition has had its turn. */
  private trial = new Map<RunControl, number | undefined>();
  private quickest = Infinity;
  private nextTrialAt = 0;

  /** `slowMs`: from here on a transaction is slow, because somebody in it may hold up the others. */
  constructor(private readonly slowMs: number) {}

  /** Whether the partition's next batch is to have a transaction of its own. */
  mustRunApart(partition: RunControl, now: number): boolean {
    const onTrial = this.trial.has(partition) && this.trial.get(partition) === undefined;
    return onTrial || now < (this.apartUntil.get(partition) ?? 0);
  }

  /** A transaction of these partitions took that long. */
  took(partitions: readonly RunControl[], milliseconds: number, now: number): void {
    this.quickest = Math.min(this.quickest, milliseconds);
    const [alone] = partitions.length === 1 ? partitions : [];
    if (alone && this.mustRunApart(alone, now)) {
      if (this.trial.has(alone)) this.trial.set(alone, milliseconds);
    } else if (milliseconds >= this.slowMs && now >= this.nextTrialAt) {
      this.trial = new Map(partitions.map((partition) => [partition, undefined]));
      this.quickest = Infinity;
      this.nextTrialAt = now + APART_MS;
    }
    this.judge(now);
  }

  private judge(now: number): void {
    for (const [partition, time] of this.trial) {
      if (time === undefined || time < this.slowMs || time <= this.quickest * TIMES_SLOWER) continue;
      this.trial.delete(partition);
      this.apartUntil.set(partition, now + APART_MS);
    }
  }
}
