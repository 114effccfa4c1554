import { countAttempts, logger } from '@millrace/telemetry';
import { assertOwned } from '../failure/abandoned.error.js';
import type { FailurePath, KeyConcern, Leaving } from '../failure/failure-path.js';
import type { DeathReason, KnownFailure } from '../ports/failure.js';
import { backoff, pauseAfter } from './backoff.js';
import type { ConsumerEnvironment } from '../runtime/consumer-environment.js';
import { spanOf } from '../observe/process-spans.js';
import { headPlace, parkedRecord, type Parking } from '../partition/parking.js';
import type { RunControl } from './run-control.js';
import type { EventItem, IdentifiedItem, PoisonItem } from './work-item.js';

const log = logger('millrace.departures');

/** Decides what becomes of a record that failed while it stood alone, and sees it out. */
export class Departures {
  constructor(
    private readonly environment: ConsumerEnvironment,
    private readonly failures: FailurePath,
    private readonly parking: Parking,
  ) {}

  /** True when the record is to be tried again now, false when it has become terminal. */
  async again(
    item: EventItem,
    tries: number,
    error: unknown,
    fatal: boolean,
    control: RunControl,
    probe: () => Promise<void>,
  ): Promise<boolean> {
    const { options, clock } = this.environment;
    item.firstFailureAt ??= clock.now();
    const wait = fatal ? undefined : this.waitInPlace(item, tries);
    if (wait !== undefined) {
      this.count(item, 'retry');
      item.span?.event('retry', { attempt: tries });
      // A local pause belongs to what is in flight and is waited for; a delay of the plan is not.
      const local = wait <= options.triesWithinMs;
      await clock.sleep(wait, local ? control.signal : control.stopping);
      if (!local) assertOwned(control.stopping);
      return true;
    }
    const held = await this.holdWhenSystemic(item, error, probe);
    if (held !== 'leave') return held === 'again';
    if (fatal) await this.die(item, 'FATAL', error, control);
    else if (item.origin.kind === 'replay') await this.die(item, 'EXHAUSTED', error, control);
    else if (options.ordering === 'none') await this.nextTier(item, error, control);
    else if (options.ordering === 'key') await this.park(item, error, control);
    else await this.die(item, 'EXHAUSTED', error, control, tries);
    return false;
  }

  /** Dead-letters a record that can never be handled; its bytes are kept as they are. */
  async bury(item: PoisonItem, control: RunControl): Promise<void> {
    await this.die(item, item.reason, item.error, control, 0);
  }

  /** Completes a departure that a crash interrupted. */
  async complete(item: IdentifiedItem, failure: KnownFailure, control: RunControl): Promise<void> {
    const leaving = this.leaving(item, failure.attempt, failure.firstFailureAt);
    const blocks = failure.state === 'dying' && this.blocksItsKey(item);
    if (blocks) this.parking.block(item, control);
    const head = blocks ? headPlace(item, true) : undefined;
    await this.failures.complete(leaving, failure, control.signal, head);
    leaving.span.end();
    control.terminal(item);
  }

  /** How long a record waits for its next try while its lane waits with it; undefined when it is to leave. */
  private waitInPlace(item: EventItem, tries: number): number | undefined {
    const { options } = this.environment;
    // A record that keeps its key in order must not keep other keys waiting: its tries are those of a parked head.
    if (options.ordering === 'key' && item.origin.kind === 'source') return undefined;
    if (options.ordering === 'partition' && item.origin.kind === 'source') return pauseAfter(tries, options);
    return tries < options.tries ? backoff(tries, options) : undefined;
  }

  private async holdWhenSystemic(
    item: EventItem,
    error: unknown,
    probe: () => Promise<void>,
  ): Promise<'leave' | 'again' | 'terminal'> {
    const { rate, gate } = this.environment;
    if (item.origin.kind === 'replay') return 'leave';
    if (!item.counted) rate.failed();
    item.counted = true;
    if (!rate.isSystemic) return 'leave';
    const end = await gate.holdSystemic(error, probe);
    if (end === 'gave-up') return 'leave';
    if (end === 'joined') return 'again';
    rate.reset();
    return 'terminal';
  }

  private async nextTier(item: EventItem, error: unknown, control: RunControl): Promise<void> {
    const spent = item.origin.kind === 'retry' ? item.origin.attempt : 0;
    const delay = this.environment.options.retry.delays[spent];
    if (!delay) return this.die(item, 'EXHAUSTED', error, control);
    const leaving = this.leaving(item, attemptOf(item));
    await this.failures.retryLater(leaving, delay, error, control.signal);
    this.end(item, leaving, 'delayed', error, control);
  }

  private async park(item: EventItem, error: unknown, control: RunControl): Promise<void> {
    const { options, clock } = this.environment;
    const wait = pauseAfter(1, options);
    if (wait === undefined) return this.die(item, 'EXHAUSTED', error, control);
    const firstFailureAt = item.firstFailureAt ?? clock.now();
    item.span?.event('retry', { attempt: 1 });
    log.debug({ group: options.group, eventId: item.eventId, err: error }, 'parked after its first failure');
    await this.parking.parkHead(item, { attempt: 1, notBefore: clock.now() + wait, firstFailureAt }, control);
  }

  private async die(
    item: IdentifiedItem,
    reason: DeathReason,
    error: unknown,
    control: RunControl,
    attempt = attemptOf(item),
  ): Promise<void> {
    const leaving = this.leaving(item, attempt);
    await this.failures.kill(leaving, reason, error, control.signal, this.keyConcern(item, control));
    this.end(item, leaving, 'dead', error, control);
  }

  /** A death in the live flow blocks its key when the policy says so: the dead record is parked as its head. */
  private keyConcern(item: IdentifiedItem, control: RunControl): KeyConcern {
    if (!this.blocksItsKey(item)) return {};
    this.parking.block(item, control);
    return { park: parkedRecord(item), head: headPlace(item, true) };
  }

  private blocksItsKey({ kind, origin, source }: IdentifiedItem): boolean {
    const { ordering, deadHead } = this.environment.options;
    const ordered = kind === 'event' && ordering === 'key' && source.key !== null;
    return ordered && deadHead === 'block' && origin.kind === 'source';
  }

  private leaving(item: IdentifiedItem, attempt: number, since?: number): Leaving {
    const { options, clock } = this.environment;
    const known = item.kind === 'event' ? item.firstFailureAt : undefined;
    const origin = item.origin.kind === 'retry' ? item.origin.firstFailureAt : undefined;
    const firstFailureAt = since ?? origin ?? known ?? clock.now();
    const span = spanOf(item, options);
    span.keep();
    return { item, attempt, firstFailureAt, span };
  }

  private end(
    item: IdentifiedItem,
    { span }: Leaving,
    outcome: 'delayed' | 'dead',
    error: unknown,
    control: RunControl,
  ): void {
    span.end(error);
    this.count(item, outcome);
    control.terminal(item);
  }

  private count(item: IdentifiedItem, outcome: 'retry' | 'delayed' | 'dead'): void {
    countAttempts({ group: this.environment.options.group, topic: item.source.topic }, outcome);
  }
}

/** Deliveries of the record that have failed, this one included; the local tries of a delivery count as one. */
function attemptOf({ origin }: IdentifiedItem): number {
  return origin.kind === 'retry' ? origin.attempt + 1 : 1;
}
