import { countDeadLetter, logger, startSendSpan, type ProcessSpan } from '@millrace/telemetry';
import type { DeathReason, KnownFailure } from '../ports/consumer-store.port.js';
import { assertOwned } from './abandoned.error.js';
import type { ConsumerEnvironment } from '../runtime/consumer-environment.js';
import { deadLetterOf, type Death, type Explanation } from './dead-letter.js';
import { errorText } from './error-text.js';
import { isError } from './is-error.js';
import type { QueuedRecord } from '../runtime/work-item.js';

const log = logger('millrace.failures');

/** A record that is to die, and everything that is known of it. */
export interface Condemned {
  readonly item: QueuedRecord;
  readonly eventId: string;
  readonly reason: DeathReason;
  readonly attempt: number;
  readonly firstFailureAt: number;
  readonly span: ProcessSpan;
}

const SMALLER: Readonly<Record<Explanation, Explanation | undefined>> = {
  full: 'without-stack',
  'without-stack': 'without-message',
  'without-message': undefined,
};

/**
 * The way out of the happy path, in the one order that loses nothing:
 * own transaction records `failed_event` as dying → the dead letter is produced → the acknowledgement makes it
 * dead → the offset may be committed. Each step is repeated until it succeeds; a crash between two of them is
 * completed by the next delivery of the record.
 */
export class FailurePath {
  constructor(private readonly environment: ConsumerEnvironment) {}

  /** Dead-letters a record for an error of its own. */
  async kill(condemned: Condemned, error: unknown, signal: AbortSignal): Promise<void> {
    const { options, store, clock, serviceVersion } = this.environment;
    const { item, eventId, reason, attempt } = condemned;
    const text = errorText(error);
    const recorded = await this.untilDone(signal, () =>
      store.recordFailure(
        {
          group: options.group,
          eventId,
          state: 'dying',
          attempt,
          reason,
          errorClass: text.errorClass,
          errorMessage: text.errorMessage,
          topic: item.record.topic,
          partition: item.record.partition,
          offset: item.record.offset,
        },
        clock.now(),
      ),
    );
    if (recorded !== 'recorded') return;
    await this.publish(
      { ...condemned, ...text, group: options.group, serviceVersion },
      condemned.span,
      signal,
    );
  }

  /** Completes a death that a crash interrupted: publishes again and acknowledges; the handler is not run. */
  async complete(condemned: Condemned, known: KnownFailure, signal: AbortSignal): Promise<void> {
    const { options, serviceVersion } = this.environment;
    const { errorClass, errorMessage } = known;
    const death = {
      ...condemned,
      errorClass,
      errorMessage,
      errorStack: '',
      group: options.group,
      serviceVersion,
    };
    await this.publish(death, condemned.span, signal);
  }

  private async publish(death: Death, span: ProcessSpan, signal: AbortSignal): Promise<void> {
    const { store, clock } = this.environment;
    await this.untilDone(signal, () => this.send(death, span));
    await this.untilDone(signal, () => store.acknowledgeFailure(death.group, death.eventId, clock.now()));
    const { topic, partition, offset } = death.item.record;
    const { group, eventId, reason, errorClass } = death;
    countDeadLetter({ group, topic }, reason);
    const place = { topic, partition, offset: offset.toString() };
    log.warn({ group, eventId, reason, errorClass, ...place, trace_id: span.traceId }, 'event is dead');
  }

  private async send(death: Death, span: ProcessSpan): Promise<void> {
    let explanation: Explanation | undefined = 'full';
    while (explanation) {
      const letter = deadLetterOf(death, explanation);
      const sending = startSendSpan(letter.topic, death, span.context);
      try {
        await this.environment.broker.send([letter]);
        sending.end();
        return;
      } catch (error) {
        sending.end(error);
        explanation = isTooLarge(error) ? SMALLER[explanation] : undefined;
        if (!explanation) throw error;
      }
    }
  }

  /** Nothing may be committed past a step that failed, so whatever its error is, it is held and repeated. */
  private async untilDone<Result>(signal: AbortSignal, step: () => Promise<Result>): Promise<Result> {
    for (;;) {
      assertOwned(signal);
      try {
        return await step();
      } catch (error) {
        await this.environment.gate.hold(error, () => this.probe());
      }
    }
  }

  private async probe(): Promise<void> {
    await this.environment.store.probe();
    await this.environment.broker.probe();
  }
}

function isTooLarge(error: unknown): boolean {
  if (!isError(error)) return false;
  if ('type' in error && (error.type === 'MESSAGE_TOO_LARGE' || error.type === 'RECORD_LIST_TOO_LARGE'))
    return true;
  return isTooLarge(error.cause);
}
