import type { ProcessSpan } from '@millrace/telemetry';
import type { CompleteConsumerOptions } from '../api/consumer-options.js';
import type { ReceivedEvent } from '../api/event-batch.js';
import { EventContext } from '../api/event-context.js';
import { RetryableError } from '../api/errors.js';
import { spanOf } from '../observe/process-spans.js';
import type { Transaction } from '../ports/transaction.js';
import type { ConsumerEnvironment } from '../runtime/consumer-environment.js';
import type { BoundHandler, EventItem } from './work-item.js';

/** The handlers of a transaction did not end in time; their connection is lost, nothing of it is durable. */
export class HandlerTimeoutError extends RetryableError {
  override readonly code = 'HANDLER_TIMEOUT';
  override readonly name = 'HandlerTimeoutError';
}

/** The handlers of one transaction, bounded in time. */
export class HandlerRun {
  private readonly timeout = new AbortController();

  constructor(
    private readonly environment: ConsumerEnvironment,
    private readonly withinMs = environment.options.handlerTimeoutMs,
  ) {}

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
      for (const share of shares(items)) await this.invoke(share, tx);
      this.signal.throwIfAborted();
    } finally {
      finished.abort();
    }
  }

  private async watch(finished: AbortSignal): Promise<void> {
    await this.environment.clock.sleep(this.withinMs, finished);
    if (finished.aborted) return;
    this.timeout.abort(new HandlerTimeoutError(`the handler took longer than ${this.withinMs} ms`));
  }

  private async invoke({ handler, outsideEffects, items }: HandlerShare, tx: Transaction): Promise<void> {
    const { options } = this.environment;
    const events = items.map((item) => new HandledEvent(item, options));
    const context = new EventContext(tx, options.group, this.signal, outsideEffects);
    if (!handler.each) return handler.invoke({ events }, context);
    for (const event of events) {
      this.signal.throwIfAborted();
      await handler.invoke(event, context);
    }
  }
}

/** Outside effects belong to the first life of an event and to a replay that asks for them. */
function hasOutsideEffects({ origin }: EventItem): boolean {
  if (origin.kind === 'replay') return origin.outsideEffects;
  return origin.kind !== 'parked' || (origin.replay?.outsideEffects ?? true);
}

/** Records that are handled in one call. */
interface HandlerShare {
  readonly handler: BoundHandler;
  readonly outsideEffects: boolean;
  readonly items: EventItem[];
}

/** Consecutive records of one handler and one answer to the question of outside effects, in log order. */
function shares(items: readonly EventItem[]): HandlerShare[] {
  const all: HandlerShare[] = [];
  for (const item of items) {
    const last = all.at(-1);
    const outsideEffects = hasOutsideEffects(item);
    if (last?.handler === item.handler && last.outsideEffects === outsideEffects) last.items.push(item);
    else all.push({ handler: item.handler, outsideEffects, items: [item] });
  }
  return all;
}

/** An event as its handler sees it; its trace context is made at its first use, because few effects cause events. */
class HandledEvent implements ReceivedEvent {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly occurredAt: Date;
  readonly causationId: string;
  readonly key: string | null;
  readonly data: unknown;
  readonly traceId: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly #span: ProcessSpan;

  constructor(item: EventItem, options: CompleteConsumerOptions) {
    const { source } = item;
    this.id = item.eventId;
    this.type = item.type;
    this.source = item.eventSource;
    this.occurredAt = item.occurredAt;
    this.causationId = item.causationId;
    this.key = source.key === null ? null : source.key.toString();
    this.data = item.data;
    this.topic = source.topic;
    this.partition = source.partition;
    this.offset = source.offset;
    this.#span = spanOf(item, options);
    this.traceId = this.#span.traceId ?? '';
  }

  get context(): ReceivedEvent['context'] {
    return this.#span.context;
  }
}
