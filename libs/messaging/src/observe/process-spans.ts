import { EventHeader } from '@millrace/contracts';
import { startProcessSpan, type EventWay, type ProcessSpan } from '@millrace/telemetry';
import type { CompleteConsumerOptions } from '../api/consumer-options.js';
import type { RetryPlan } from '../api/retry-plan.js';
import { timeOfId } from '../record/event-age.js';
import type { EventItem, IdentifiedItem, Origin } from '../record/work-item.js';

/** A copy that waited longer than this for its attempt has a trace of its own, linked to the one before; milliseconds. */
const SAME_TRACE_MS = 60_000;

type SpanOptions = Pick<CompleteConsumerOptions, 'group' | 'retry'>;

/** The span of a record's processing, begun at its first use. */
export function spanOf(item: IdentifiedItem, { group, retry }: SpanOptions): ProcessSpan {
  if (item.kind === 'event' && item.span) return item.span;
  const { source, type, eventId, origin } = item;
  const span = startProcessSpan({
    type,
    topic: source.topic,
    partition: source.partition,
    offset: source.offset,
    group,
    eventId,
    traceparent: source.headers[EventHeader.traceparent],
    way: item.kind === 'event' ? wayOf(item) : undefined,
    ...attemptBefore(origin, retry),
  });
  if (item.kind === 'event') item.span = span;
  return span;
}

/**
 * Only of a record that comes for the first time: what it waited for afterwards is not its way. It begins with the end
 * of the millisecond in which the event's id was made, not with `ce_time`, which is when the transaction began: a
 * capture that starts before the creation which is its parent looks like a skewed clock.
 */
function wayOf({ origin, eventId, occurredAt, source, receivedAt }: EventItem): EventWay | undefined {
  if (origin.kind !== 'source') return undefined;
  const writtenAt = Math.max(occurredAt.getTime(), (timeOfId(eventId) ?? -1) + 1);
  return { occurredAt: writtenAt, appendedAt: source.timestamp, receivedAt };
}

function attemptBefore(origin: Origin, { delays }: RetryPlan) {
  if (origin.kind === 'retry') {
    const waitedMs = delays[origin.attempt - 1]?.milliseconds ?? 0;
    return { previous: origin.previous, apart: waitedMs > SAME_TRACE_MS };
  }
  return origin.kind === 'replay' ? { previous: origin.previous, replay: origin.sending } : {};
}
