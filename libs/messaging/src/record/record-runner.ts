import { countAttempts, recordLatency, recordProcessDuration } from '@millrace/telemetry';
import { assertOwned } from '../failure/abandoned.error.js';
import { blameOf, BLAMELESS_CONFLICTS, BLAMELESS_HOLDS } from '../failure/error-classifier.js';
import { FailurePath } from '../failure/failure-path.js';
import { BatchTransaction, countSkipped, KeysBlockedError, type BatchOutcome } from './batch-transaction.js';
import type { ConsumerEnvironment } from '../runtime/consumer-environment.js';
import { Departures } from './departures.js';
import { Parking } from '../partition/parking.js';
import type { RunControl } from './run-control.js';
import { SharedTransaction } from '../sharing/shared-transaction.js';
import type { DecodedItem, EventItem, IdentifiedItem } from './work-item.js';

/**
 * The life of one record, per group. (Parked heads live in `ParkedDriver`.)
 *
 *   FETCHED → DECODED → inbox hit → SKIPPED
 *                     → failed_event says dead, or retrying, and acknowledged, and this is a source topic → SKIPPED
 *                     → failed_event not acknowledged → published again, the handler is not run
 *                     → key blocked → PARKED                               (ordering key)
 *                     → RUNNING(n) → DONE
 *   decode or contract error, or older than the inbox remembers → DEAD (DECODE | CONTRACT | EXPIRED), bytes kept;
 *     it has no effect that others could overtake, so it neither waits behind a blocked key nor blocks its own
 *   little batches of several partitions share a transaction (`SharedTransaction`); one that fails runs apart then
 *   a batch that fails runs again in halves, in order, until the failing record stands alone; then (`Departures`)
 *     FatalError                 → DEAD (FATAL)
 *     other error, tries left    → RUNNING(n+1)                            (ordering none, partition, replay)
 *     other error, no tries left → ordering none: RETRY tier i | key: PARKED | partition: waits in place
 *     tiers used up              → DEAD (EXHAUSTED)
 *     most records fail          → HOLD (SYSTEMIC), this record is the probe
 *   handler out of time → its signal aborts, its connection is destroyed; an error like others
 *   conflict (40001, 40P01) → the whole batch RUNNING again, no try spent
 *   infrastructure error → HOLD, then RUNNING again, no try spent; five times in a row → an error like others
 *
 * Terminal for offsets: DONE, SKIPPED, PARKED (row committed), RETRY (acknowledged), DEAD (acknowledged).
 */
export class RecordRunner {
  private readonly transaction: BatchTransaction;
  private readonly shared: SharedTransaction;
  private readonly failures: FailurePath;
  private readonly parking: Parking;
  private readonly departures: Departures;

  constructor(private readonly environment: ConsumerEnvironment) {
    this.transaction = new BatchTransaction(environment);
    this.shared = new SharedTransaction(environment, this.transaction);
    this.failures = new FailurePath(environment);
    this.parking = new Parking(environment, this.failures);
    this.departures = new Departures(environment, this.failures, this.parking);
  }

  /** Brings every record of one partition's batch to a terminal state, in order. */
  async run(items: readonly DecodedItem[], control: RunControl): Promise<void> {
    let events: EventItem[] = [];
    const flush = async () => {
      const run = events;
      events = [];
      if (run.length > 0) await this.runEvents(run, control);
    };
    for (const item of items) {
      if (item.kind === 'event') events.push(item);
      else if (item.kind === 'ignored') control.terminal(item);
      else {
        await flush();
        await this.departures.bury(item, control);
      }
    }
    await flush();
  }

  /** Runs a batch, or a half of one that failed, which has inherited holds and shares with nobody. */
  private async runEvents(all: readonly EventItem[], control: RunControl, inherited?: number): Promise<void> {
    let holds = inherited ?? 0;
    let shares = inherited === undefined;
    let conflicts = 0;
    let tries = 0;
    for (;;) {
      assertOwned(control.signal);
      const items = await this.parking.behindBlockedKeys(all, control);
      if (items.length === 0) return;
      const error = await this.tryOnce(items, control, shares);
      shares = false;
      if (!error) return;
      const { thrown } = error;
      if (thrown instanceof KeysBlockedError) {
        thrown.items.forEach((item) => this.parking.block(item, control));
        continue;
      }
      const kind = await blameOf(thrown, this.environment.store);
      if (kind === 'infrastructure' && ++holds < BLAMELESS_HOLDS) {
        this.count(items, 'hold');
        await this.environment.gate.hold(thrown, () => this.environment.store.probe());
        continue;
      }
      if (kind === 'conflict' && ++conflicts < BLAMELESS_CONFLICTS) {
        await this.environment.clock.sleep(5 + Math.random() * 20 * conflicts, control.signal);
        continue;
      }
      const [alone] = items;
      if (items.length > 1) return this.bisect(items, control, holds);
      if (!alone) return;
      tries += 1;
      let answered: BatchOutcome | undefined;
      const again = await this.departures.again(alone, tries, thrown, kind === 'fatal', control, async () => {
        assertOwned(control.signal);
        answered = await this.transaction.run([alone]);
      });
      // Settled only now: a departure that it completes may have to hold, and must not wait for the hold it ended.
      if (answered) await this.settle(answered, control);
      if (!again) return;
    }
  }

  private async tryOnce(
    items: readonly EventItem[],
    control: RunControl,
    shares: boolean,
  ): Promise<{ readonly thrown: unknown } | undefined> {
    const { clock, options } = this.environment;
    const started = clock.now();
    const from = { group: options.group, topic: items[0]?.source.topic ?? '' };
    let outcome: BatchOutcome;
    try {
      outcome = await (shares ? this.shared.run(items, control) : this.transaction.run(items));
    } catch (thrown) {
      recordProcessDuration(from, (clock.now() - started) / 1_000, thrown);
      return { thrown };
    }
    recordProcessDuration(from, (clock.now() - started) / 1_000);
    await this.settle(outcome, control);
    return undefined;
  }

  /** After COMMIT: what is durable is terminal; departures that a crash interrupted are completed. */
  private async settle(outcome: BatchOutcome, control: RunControl): Promise<void> {
    const { options, clock, rate } = this.environment;
    const now = clock.now();
    for (const item of outcome.done) {
      item.span?.end();
      this.measure(item, now);
      control.terminal(item);
    }
    rate.succeeded(outcome.done.length);
    this.count(outcome.done, 'done');
    countSkipped(options.group, outcome.skipped);
    for (const item of outcome.skipped) {
      // A try whose COMMIT was answered by a broken connection has begun a span.
      item.span?.end();
      control.terminal(item);
    }
    for (const item of outcome.parked) {
      this.parking.block(item, control);
      control.terminal(item);
    }
    for (const { item, failure } of outcome.interrupted)
      await this.departures.complete(item, failure, control);
  }

  private async bisect(items: readonly EventItem[], control: RunControl, holds: number): Promise<void> {
    const middle = Math.ceil(items.length / 2);
    // What the halves inherit is the suspicion: a record that kills its own connection is found in few holds.
    const inherited = holds >= BLAMELESS_HOLDS ? BLAMELESS_HOLDS - 1 : 0;
    await this.runEvents(items.slice(0, middle), control, inherited);
    await this.runEvents(items.slice(middle), control, inherited);
  }

  private count(items: readonly IdentifiedItem[], outcome: 'done' | 'hold'): void {
    const topic = items[0]?.source.topic;
    if (topic) countAttempts({ group: this.environment.options.group, topic }, outcome, items.length);
  }

  private measure(item: EventItem, now: number): void {
    const labels = { group: this.environment.options.group, type: item.type };
    const occurred = item.occurredAt.getTime();
    recordLatency({ ...labels, stage: 'capture' }, (item.source.timestamp - occurred) / 1_000);
    recordLatency({ ...labels, stage: 'deliver' }, (item.receivedAt - item.source.timestamp) / 1_000);
    recordLatency({ ...labels, stage: 'process' }, (now - item.receivedAt) / 1_000);
    recordLatency({ ...labels, stage: 'total' }, (now - occurred) / 1_000);
  }
}
