import { EventHeader } from '@millrace/contracts';
import {
  countAttempts,
  recordLatency,
  recordProcessDuration,
  startProcessSpan,
  type ProcessSpan,
} from '@millrace/telemetry';
import type { DeathReason } from '../ports/consumer-store.port.js';
import { BatchTransaction, countSkipped, type BatchOutcome } from './batch-transaction.js';
import { assertOwned } from '../failure/abandoned.error.js';
import type { ConsumerEnvironment } from './consumer-environment.js';
import { classifyError } from '../failure/error-classifier.js';
import { FailurePath, type Condemned } from '../failure/failure-path.js';
import type { DecodedItem, EventItem, PoisonItem } from './work-item.js';

/** Times that a dependency may answer its probe and the same records fail so again, before they are to blame. */
const BLAMELESS_HOLDS = 5;

/** Serialization failures and deadlocks of one batch before its records are to blame. */
const BLAMELESS_CONFLICTS = 20;

/** Where one run of records reports what became terminal, and learns that its partition is lost. */
export interface RunControl {
  readonly signal: AbortSignal;
  terminal(item: DecodedItem): void;
}

/**
 * The life of one record, first floor:
 *
 *   FETCHED → DECODED → inbox hit → SKIPPED
 *                     → failed_event says dead → SKIPPED; dying or not acknowledged → published again
 *                     → RUNNING → DONE
 *   decode or contract error → DEAD (DECODE | CONTRACT), raw bytes kept
 *   a batch that fails runs again in halves, in order, until the failing record stands alone; then
 *     FatalError → DEAD (FATAL)
 *     other error, tries left (jittered) → RUNNING
 *     other error, no tries left → DEAD (EXHAUSTED)
 *   conflict (40001, 40P01) → the whole batch RUNNING again, no try spent
 *   infrastructure error → HOLD, then RUNNING again, no try spent; five times in a row → an error like others
 *
 * Terminal for offsets: DONE, SKIPPED, DEAD (acknowledged).
 */
export class RecordRunner {
  private readonly transaction: BatchTransaction;
  private readonly failures: FailurePath;

  constructor(private readonly environment: ConsumerEnvironment) {
    this.transaction = new BatchTransaction(environment);
    this.failures = new FailurePath(environment);
  }

  /** Brings every record of one partition's batch to a terminal state, in order. */
  async run(items: readonly DecodedItem[], control: RunControl): Promise<void> {
    const events: EventItem[] = [];
    for (const item of items) {
      if (item.kind === 'event') events.push(item);
      else {
        if (item.kind === 'poison') await this.bury(item, control.signal);
        control.terminal(item);
      }
    }
    if (events.length > 0) await this.runEvents(events, control, 0);
  }

  private async runEvents(
    items: readonly EventItem[],
    control: RunControl,
    holdsSpent: number,
  ): Promise<void> {
    let holds = holdsSpent;
    let conflicts = 0;
    let tries = 0;
    for (;;) {
      assertOwned(control.signal);
      const error = await this.tryOnce(items, control);
      if (!error) return;
      const kind = classifyError(error.thrown);
      if (kind === 'infrastructure' && ++holds < BLAMELESS_HOLDS) {
        this.count(items, 'hold');
        await this.environment.gate.hold(error.thrown, () => this.environment.store.probe());
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
      if (!(await this.again(alone, tries, error.thrown, kind === 'fatal', control))) return;
    }
  }

  private async tryOnce(
    items: readonly EventItem[],
    control: RunControl,
  ): Promise<{ readonly thrown: unknown } | undefined> {
    const { clock, options } = this.environment;
    const started = clock.now();
    const from = { group: options.group, topic: items[0]?.record.topic ?? '' };
    let outcome: BatchOutcome;
    try {
      outcome = await this.transaction.run(items);
    } catch (thrown) {
      recordProcessDuration(from, (clock.now() - started) / 1_000, thrown);
      return { thrown };
    }
    recordProcessDuration(from, (clock.now() - started) / 1_000);
    await this.settle(outcome, control);
    return undefined;
  }

  /** After COMMIT: what is durable is terminal; deaths that a crash interrupted are completed. */
  private async settle(outcome: BatchOutcome, control: RunControl): Promise<void> {
    const { options, clock } = this.environment;
    const now = clock.now();
    for (const item of outcome.done) {
      item.span?.end();
      this.measure(item, now);
      control.terminal(item);
    }
    this.count(outcome.done, 'done');
    countSkipped(options.group, outcome);
    for (const item of outcome.skipped) {
      // A try whose COMMIT was answered by a broken connection has begun a span.
      item.span?.end();
      control.terminal(item);
    }
    for (const { item, failure } of outcome.interrupted) {
      const condemned = this.condemned(item, failure.reason, failure.attempt);
      await this.failures.complete(condemned, failure, control.signal);
      condemned.span.end();
      control.terminal(item);
    }
  }

  private async bisect(items: readonly EventItem[], control: RunControl, holds: number): Promise<void> {
    const middle = Math.ceil(items.length / 2);
    // What the halves inherit is the suspicion: a record that kills its own connection is found in few holds.
    const inherited = holds >= BLAMELESS_HOLDS ? BLAMELESS_HOLDS - 1 : 0;
    await this.runEvents(items.slice(0, middle), control, inherited);
    await this.runEvents(items.slice(middle), control, inherited);
  }

  /** Decides on a record that failed alone: true when it is to be tried again, false when it is dead. */
  private async again(
    item: EventItem,
    tries: number,
    error: unknown,
    fatal: boolean,
    control: RunControl,
  ): Promise<boolean> {
    const { options, clock } = this.environment;
    item.firstFailureAt ??= clock.now();
    if (!fatal && tries < options.tries) {
      this.count([item], 'retry');
      item.span?.event('retry', { attempt: tries });
      await clock.sleep(this.backoff(tries), control.signal);
      return true;
    }
    const condemned = this.condemned(item, fatal ? 'FATAL' : 'EXHAUSTED', tries);
    await this.failures.kill(condemned, error, control.signal);
    condemned.span.end(error);
    this.count([item], 'dead');
    control.terminal(item);
    return false;
  }

  private async bury(item: PoisonItem, signal: AbortSignal): Promise<void> {
    const condemned = this.condemned(item, item.reason, 0);
    await this.failures.kill(condemned, item.error, signal);
    condemned.span.end(item.error);
    this.count([item], 'dead');
  }

  private condemned(item: EventItem | PoisonItem, reason: DeathReason, attempt: number): Condemned {
    const first = item.kind === 'event' ? item.firstFailureAt : undefined;
    const firstFailureAt = first ?? this.environment.clock.now();
    return { item, eventId: item.eventId, reason, attempt, firstFailureAt, span: this.spanOf(item) };
  }

  private spanOf(item: EventItem | PoisonItem): ProcessSpan {
    if (item.kind === 'event' && item.span) return item.span;
    const { record } = item;
    return startProcessSpan({
      type: item.type,
      topic: record.topic,
      partition: record.partition,
      offset: record.offset.toString(),
      group: this.environment.options.group,
      eventId: item.eventId,
      traceparent: record.headers[EventHeader.traceparent],
    });
  }

  /** Doubling pauses with jitter that together stay below `triesWithinMs`. */
  private backoff(tries: number): number {
    const { tries: all, triesWithinMs } = this.environment.options;
    const share = 2 ** (tries - 1) / (2 ** (all - 1) - 1);
    return triesWithinMs * share * (0.5 + Math.random() / 2);
  }

  private count(items: readonly DecodedItem[], outcome: 'done' | 'retry' | 'dead' | 'hold'): void {
    const topic = items[0]?.record.topic;
    if (topic) countAttempts({ group: this.environment.options.group, topic }, outcome, items.length);
  }

  private measure(item: EventItem, now: number): void {
    const labels = { group: this.environment.options.group, type: item.type };
    const occurred = item.occurredAt.getTime();
    recordLatency({ ...labels, stage: 'capture' }, (item.record.timestamp - occurred) / 1_000);
    recordLatency({ ...labels, stage: 'deliver' }, (item.receivedAt - item.record.timestamp) / 1_000);
    recordLatency({ ...labels, stage: 'process' }, (now - item.receivedAt) / 1_000);
    recordLatency({ ...labels, stage: 'total' }, (now - occurred) / 1_000);
  }
}
