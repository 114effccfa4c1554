import { assertOwned } from '../failure/abandoned.error.js';
import type { ConsumerEnvironment } from '../runtime/consumer-environment.js';
import type { BatchOutcome, BatchTransaction } from '../record/batch-transaction.js';
import type { RunControl } from '../record/run-control.js';
import { SlowPartitions } from './slow-partitions.js';
import type { EventItem } from '../record/work-item.js';

/** Part of a full batch up to which one is little, and shares. */
const LITTLE = 1 / 4;

/** Part of `sharedTimeoutMs` that batches wait for a transaction that runs; then the next one begins beside it. */
const PATIENCE = 1 / 4;

/** Part of `sharedTimeoutMs` from which a transaction counts as slow. */
const SLOW = 1 / 10;

/** A partition's batch on its way into a transaction. */
interface Passenger {
  readonly items: readonly EventItem[];
  readonly bytes: number;
  readonly partition: RunControl;
  readonly answer: PromiseWithResolvers<BatchOutcome>;
}

/** The batches of one topic that wait for the next shared transaction. */
interface Stop {
  waiting: Passenger[];
  /** True while a transaction runs or is about to begin. */
  busy: boolean;
}

/**
 * Little batches of several partitions in one transaction: while little waits, a transaction costs more than what it
 * does, and partitions that change the same rows would wait for each other. A topic has one shared transaction at a
 * time as long as that is quick; what comes meanwhile shares the next one. Sharing is never to anybody's harm: when the
 * transaction fails or is given up, every batch runs in one of its own, and whoever holds up the others runs apart
 * (`SlowPartitions`).
 */
export class SharedTransaction {
  private readonly stops = new Map<string, Stop>();
  private readonly slow: SlowPartitions;

  constructor(
    private readonly environment: ConsumerEnvironment,
    private readonly transaction: BatchTransaction,
  ) {
    this.slow = new SlowPartitions(environment.options.sharedTimeoutMs * SLOW);
  }

  /** Runs a partition's records, in their order; rejects with the error that rolled them back. */
  run(items: readonly EventItem[], partition: RunControl): Promise<BatchOutcome> {
    const bytes = items.reduce((sum, { source }) => sum + (source.value?.length ?? 0), 0);
    const passenger = { items, bytes, partition, answer: Promise.withResolvers<BatchOutcome>() };
    const topic = items[0]?.source.topic ?? '';
    if (this.shares(passenger)) this.board(topic, passenger);
    else void this.runApart(passenger);
    return passenger.answer.promise;
  }

  private shares({ items, bytes, partition }: Passenger): boolean {
    const { options, clock } = this.environment;
    // Copies of retries and replays are taken over by a statement of their own.
    if (items[0]?.origin.kind !== 'source') return false;
    const little = items.length <= options.batchRecords * LITTLE && bytes <= options.batchBytes * LITTLE;
    return little && !this.slow.mustRunApart(partition, clock.now());
  }

  private board(topic: string, passenger: Passenger): void {
    const stop = this.stops.get(topic) ?? { waiting: [], busy: false };
    this.stops.set(topic, stop);
    stop.waiting.push(passenger);
    if (stop.busy) return;
    stop.busy = true;
    void this.serve(stop);
  }

  private async serve(stop: Stop): Promise<void> {
    do {
      // The records of one fetch reach their partitions one after the other, within one turn of the event loop.
      await new Promise((resolve) => setImmediate(resolve));
      await this.patiently(this.runTogether(this.take(stop)));
    } while (stop.waiting.length > 0);
    stop.busy = false;
  }

  private async patiently(transaction: Promise<void>): Promise<void> {
    const over = new AbortController();
    const { clock, options } = this.environment;
    await Promise.race([transaction, clock.sleep(options.sharedTimeoutMs * PATIENCE, over.signal)]);
    over.abort();
  }

  /** As many batches, first come first served, as make one full batch. */
  private take(stop: Stop): readonly Passenger[] {
    const { batchRecords, batchBytes } = this.environment.options;
    let [records, bytes] = [0, 0];
    const fit = stop.waiting.findIndex((passenger, index) => {
      records += passenger.items.length;
      bytes += passenger.bytes;
      return index > 0 && (records > batchRecords || bytes > batchBytes);
    });
    return stop.waiting.splice(0, fit === -1 ? stop.waiting.length : fit);
  }

  private async runTogether(passengers: readonly Passenger[]): Promise<void> {
    const [first, ...others] = passengers;
    if (first && others.length === 0) return this.runApart(first);
    const { clock, options } = this.environment;
    const startedAt = clock.now();
    const owned = passengers.filter(({ partition }) => !partition.signal.aborted);
    let outcome: BatchOutcome | undefined;
    try {
      outcome = await this.transaction.run(
        owned.flatMap(({ items }) => items),
        options.sharedTimeoutMs,
      );
    } catch {
      // Whose error it was shows when everybody is alone.
    }
    const partitions = owned.map(({ partition }) => partition);
    this.slow.took(partitions, clock.now() - startedAt, clock.now());
    for (const passenger of passengers) {
      const mine = outcome && owned.includes(passenger) ? partOf(outcome, passenger.items) : undefined;
      if (mine) passenger.answer.resolve(mine);
      else void this.runApart(passenger);
    }
  }

  private async runApart({ items, partition, answer }: Passenger): Promise<void> {
    const { clock } = this.environment;
    const startedAt = clock.now();
    try {
      assertOwned(partition.signal);
      answer.resolve(await this.transaction.run(items));
    } catch (error) {
      answer.reject(error);
    }
    this.slow.took([partition], clock.now() - startedAt, clock.now());
  }
}

/** What the transaction did with these records. */
function partOf(
  { done, skipped, parked, interrupted }: BatchOutcome,
  items: readonly EventItem[],
): BatchOutcome {
  const own = new Set(items);
  const mine = (item: EventItem) => own.has(item);
  return {
    done: done.filter(mine),
    skipped: skipped.filter(mine),
    parked: parked.filter(mine),
    interrupted: interrupted.filter(({ item }) => mine(item)),
  };
}
