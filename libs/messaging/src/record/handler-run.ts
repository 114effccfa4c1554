import { EventHeader } from '@millrace/contracts';
import { startProcessSpan, type ProcessSpan } from '@millrace/telemetry';
import type { ReceivedEvent } from '../api/event-batch.js';
import { EventContext } from '../api/event-context.js';
import { RetryableError } from '../api/errors.js';
import type { Transaction } from '../ports/transaction.js';
import type { ConsumerEnvironment } from '../runtime/consumer-environment.js';
import type { BoundHandler, EventItem, IdentifiedItem } from './work-item.js';

/** The handlers of a transaction did not end in time; their connection is lost, nothing of it is durable. */
export class HandlerTimeoutError extends RetryableError {
  override readonly code = 'HANDLER_TIMEOUT';
  override readonly name = 'HandlerTimeoutError';
}

/** The handlers of one transaction, bounded in time. */
export class HandlerRun {
  private readonly timeout = new AbortController();

  constructor(private readonly environment: ConsumerEnvironment) {}

  /** Aborts when the handlers have used up their time: the transaction is to be given up. */
  get signal(): AbortSignal {
    return this.timeout.signal;
  }

  /** Gives the events to their handlers, in order; an overrun rejects even when a handler never ends. */
  async handle(items: readonly EventItem[], tx: Transaction): Promise<void> {
    if (items.length === 0) return;
    const finished = new AbortController();
    void this.watch(finished.signal);
    try {
      for (const [handler, events] of byHandler(items)) await this.invoke(handler, events, tx);
      this.signal.throwIfAborted();
    } finally {
      finished.abort();
    }
  }

  private async watch(finished: AbortSignal): Promise<void> {
    const { clock, options } = this.environment;
    await clock.sleep(options.handlerTimeoutMs, finished);
    if (finished.aborted) return;
    this.timeout.abort(
      new HandlerTimeoutError(`the handler took longer than ${options.handlerTimeoutMs} ms`),
    );
  }

  private async invoke(handler: BoundHandler, items: readonly EventItem[], tx: Transaction): Promise<void> {
    const { group } = this.environment.options;
    const events = items.map((item) => received(item, group));
    const context = new EventContext(tx, group, this.signal, outsideEffectsOf(items));
    if (!handler.each) return handler.invoke({ events }, context);
    for (const event of events) {
      this.signal.throwIfAborted();
      await handler.invoke(event, context);
    }
  }
}

/** The span of a record's processing, begun at its first use. */
export function spanOf(item: IdentifiedItem, group: string): ProcessSpan {
  if (item.kind === 'event' && item.span) return item.span;
  const { source, type, eventId } = item;
  const span = startProcessSpan({
    type,
    topic: source.topic,
    partition: source.partition,
    offset: source.offset.toString(),
    group,
    eventId,
    traceparent: source.headers[EventHeader.traceparent],
  });
  if (item.kind === 'event') item.span = span;
  return span;
}

/** Outside effects belong to the first life of an event and to a replay that asks for them. */
function outsideEffectsOf(items: readonly EventItem[]): boolean {
  return items.every(({ origin }) => {
    if (origin.kind === 'replay') return origin.outsideEffects;
    return origin.kind !== 'parked' || (origin.replay?.outsideEffects ?? true);
  });
}

/** Consecutive records of one handler and one answer to the question of outside effects, in log order. */
function byHandler(items: readonly EventItem[]): [BoundHandler, EventItem[]][] {
  const runs: [BoundHandler, EventItem[]][] = [];
  let outside: boolean | undefined;
  for (const item of items) {
    const last = runs.at(-1);
    const own = outsideEffectsOf([item]);
    if (last?.[0] === item.handler && outside === own) last[1].push(item);
    else runs.push([item.handler, [item]]);
    outside = own;
  }
  return runs;
}

function received(item: EventItem, group: string): ReceivedEvent {
  const { source } = item;
  const span = spanOf(item, group);
  return {
    id: item.eventId,
    type: item.type,
    source: item.eventSource,
    occurredAt: item.occurredAt,
    causationId: item.causationId,
    key: source.key === null ? null : source.key.toString(),
    data: item.data,
    context: span.context,
    traceId: span.traceId ?? '',
    topic: source.topic,
    partition: source.partition,
    offset: source.offset,
  };
}
