import { countDeadLetter, countRetry, logger, traceparentIn, type ProcessSpan } from '@millrace/telemetry';
import { observe } from '../api/observation-points.js';
import type { RetryDelay } from '../api/retry-plan.js';
import type { Acknowledgement, DeathReason, KnownFailure } from '../ports/failure.js';
import type { ParkedRecord } from '../ports/parking.js';
import type { ConsumerEnvironment } from '../runtime/consumer-environment.js';
import type { IdentifiedItem } from '../record/work-item.js';
import { assertOwned } from './abandoned.error.js';
import { deadLetterOf, retryCopyOf, type Departure } from './departing-record.js';
import { errorText, type ErrorText } from './error-text.js';
import { publishCopy } from './publisher.js';

const log = logger('millrace.failures');

/** A record that is to leave the happy path. */
export interface Leaving {
  readonly item: IdentifiedItem;
  readonly attempt: number;
  readonly firstFailureAt: number;
  readonly span: ProcessSpan;
}

/** How the death of a record concerns its key. */
export interface KeyConcern {
  /** Park the record as the dead head of its key, because its key is to be blocked. */
  readonly park?: ParkedRecord;
  /** The record is the parked head of its key, or becomes it; whether it stays there. */
  readonly head?: Acknowledgement['head'];
}

/**
 * The way out of the happy path, in the one order that loses nothing:
 * own transaction records `failed_event` (retrying or dying, not acknowledged) → the copy is produced → the
 * acknowledgement is noted, dying becomes dead → the offset may be committed. Each step is repeated until it
 * succeeds; a crash between two of them is completed by the next delivery of the record.
 */
export class FailurePath {
  constructor(private readonly environment: ConsumerEnvironment) {}

  /** Dead-letters a record. */
  async kill(
    leaving: Leaving,
    reason: DeathReason,
    error: unknown,
    signal: AbortSignal,
    concern: KeyConcern = {},
  ): Promise<void> {
    const text = errorText(error);
    if (!(await this.record(leaving, 'dying', reason, text, signal, concern.park))) return;
    await this.publishDeath(this.departure(leaving, reason, text), leaving.span, signal, concern.head);
  }

  /** Sends a record to the retry topic of that delay. */
  async retryLater(leaving: Leaving, delay: RetryDelay, error: unknown, signal: AbortSignal): Promise<void> {
    const text = errorText(error);
    const notBefore = this.environment.clock.now() + delay.milliseconds;
    if (!(await this.record(leaving, 'retrying', 'RETRYABLE', text, signal, undefined, notBefore))) return;
    await this.publishRetry(
      this.departure(leaving, 'RETRYABLE', text),
      delay,
      notBefore,
      leaving.span,
      signal,
    );
  }

  /** Completes a departure that a crash interrupted: publishes again and acknowledges; the handler is not run. */
  async complete(
    leaving: Leaving,
    known: KnownFailure,
    signal: AbortSignal,
    head?: Acknowledgement['head'],
  ): Promise<void> {
    const departure = this.departure(leaving, known.reason, { ...known, errorStack: '' });
    const { delays } = this.environment.options.retry;
    const delay = known.state === 'retrying' ? (delays[known.attempt - 1] ?? delays.at(-1)) : undefined;
    if (delay === undefined) return this.publishDeath(departure, leaving.span, signal, head);
    await this.publishRetry(departure, delay, known.notBefore ?? 0, leaving.span, signal);
  }

  /** Repeats a step until it succeeds: nothing may be committed past one that failed, whatever its error is. */
  async untilDone<Result>(signal: AbortSignal, step: () => Promise<Result>): Promise<Result> {
    for (;;) {
      assertOwned(signal);
      try {
        return await step();
      } catch (error) {
        await this.environment.gate.hold(error, () => this.probe());
      }
    }
  }

  private async record(
    { item, attempt, firstFailureAt }: Leaving,
    state: 'retrying' | 'dying',
    reason: KnownFailure['reason'],
    { errorClass, errorMessage }: ErrorText,
    signal: AbortSignal,
    park?: ParkedRecord,
    notBefore?: number,
  ): Promise<boolean> {
    const { options, store, clock } = this.environment;
    const { topic, partition, offset } = item.source;
    const replayId = replayOf(item)?.replayId;
    const failure = {
      group: options.group,
      eventId: item.eventId,
      state,
      attempt,
      reason,
      errorClass,
      errorMessage,
      firstFailureAt,
      topic,
      partition,
      offset,
      ...(notBefore === undefined ? {} : { notBefore }),
      ...(replayId === undefined ? {} : { replayId }),
    };
    const recorded = await this.untilDone(signal, () => store.recordFailure(failure, clock.now(), park));
    if (recorded !== 'recorded') return false;
    observe('failure.recorded', options.group, () => [item.eventId]);
    return true;
  }

  private async publishRetry(
    departure: Departure,
    delay: RetryDelay,
    notBefore: number,
    span: ProcessSpan,
    signal: AbortSignal,
  ): Promise<void> {
    await this.untilDone(signal, () =>
      publishCopy(this.environment.broker, 'retry', departure, span, (explanation) =>
        retryCopyOf(departure, delay.name, notBefore, explanation),
      ),
    );
    await this.acknowledge(departure, signal);
    const { group, eventId, attempt, errorClass, source } = departure;
    countRetry({ group, topic: source.topic }, delay.name);
    log.info({ group, eventId, attempt, errorClass, trace_id: span.traceId }, 'event is retried later');
  }

  private async publishDeath(
    departure: Departure,
    span: ProcessSpan,
    signal: AbortSignal,
    head?: Acknowledgement['head'],
  ): Promise<void> {
    await this.untilDone(signal, () =>
      publishCopy(this.environment.broker, 'dead', departure, span, (explanation) =>
        deadLetterOf(departure, explanation),
      ),
    );
    await this.acknowledge(departure, signal, head);
    const { group, eventId, reason, errorClass, source } = departure;
    const { topic, partition, offset } = source;
    countDeadLetter({ group, topic }, reason === 'RETRYABLE' ? 'EXHAUSTED' : reason);
    const place = { topic, partition, offset: offset.toString() };
    log.warn({ group, eventId, reason, errorClass, ...place, trace_id: span.traceId }, 'event is dead');
  }

  private async acknowledge(
    { group, eventId, attempt }: Departure,
    signal: AbortSignal,
    head?: Acknowledgement['head'],
  ): Promise<void> {
    const { store, clock } = this.environment;
    observe('failure.published', group, () => [eventId]);
    const acknowledged = { group, eventId, attempt, ...(head === undefined ? {} : { head }) };
    await this.untilDone(signal, () => store.acknowledgeFailure(acknowledged, clock.now()));
    observe('failure.acknowledged', group, () => [eventId]);
  }

  private departure(
    { item, attempt, firstFailureAt, span }: Leaving,
    reason: KnownFailure['reason'],
    text: ErrorText,
  ): Departure {
    const { options, serviceVersion } = this.environment;
    const replay = replayOf(item);
    const { errorClass, errorMessage, errorStack } = text;
    return {
      group: options.group,
      eventId: item.eventId,
      source: item.source,
      reason,
      attempt,
      firstFailureAt,
      serviceVersion,
      traceparent: traceparentIn(span.context),
      errorClass,
      errorMessage,
      errorStack,
      ...(replay === undefined ? {} : { replay }),
    };
  }

  private async probe(): Promise<void> {
    await this.environment.store.probe();
    await this.environment.broker.probe();
  }
}

function replayOf({ origin }: IdentifiedItem): { replayId: string; count: number } | undefined {
  if (origin.kind === 'replay') return { replayId: origin.replayId, count: origin.count };
  return origin.kind === 'parked' && origin.replay
    ? { replayId: origin.replay.replayId, count: 1 }
    : undefined;
}
