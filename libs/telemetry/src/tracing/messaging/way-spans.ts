import { ROOT_CONTEXT, SpanKind, trace, type SpanContext } from '@opentelemetry/api';
import { groupAttributes } from './messaging-attributes.js';
import { startSpan } from '../tracer.js';

/** As short as the clocks of its two ends can tell: Jaeger moves a span that is shorter than its parent into it. */
const SHORTEST_MS = 1;

/** When an event passed which place on its way to a consumer, milliseconds since the epoch. */
export interface EventWay {
  /** Its transaction wrote it (`ce_time`). */
  readonly occurredAt: number;
  /** Capture appended it to the log (the record's timestamp). */
  readonly appendedAt: number;
  /** It reached this process. */
  readonly receivedAt: number;
}

/**
 * Draws the way of an event below its creation, so that its trace shows where time went before it was processed:
 * INTERNAL `capture <type>` from the outbox to the log and `deliver <type>` from the log to this consumer.
 */
export function drawWay(
  record: { readonly type: string; readonly topic: string; readonly group: string },
  { occurredAt, appendedAt, receivedAt }: EventWay,
  creation: SpanContext,
): void {
  const parent = trace.setSpanContext(ROOT_CONTEXT, creation);
  const draw = (what: 'capture' | 'deliver', from: number, to: number): void => {
    const options = { kind: SpanKind.INTERNAL, attributes: groupAttributes(record, what), startTime: from };
    // Clocks that disagree must not turn a span round.
    startSpan(`${what} ${record.type}`, options, parent).end(Math.max(from + SHORTEST_MS, to));
  };
  draw('capture', occurredAt, appendedAt);
  draw('deliver', appendedAt, receivedAt);
}
