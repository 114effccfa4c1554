import { countDuplicates, startProcessSpan } from '@millrace/telemetry';
import { EventHeader } from '@millrace/contracts';
import type { ReceivedEvent } from '../api/event-batch.js';
import { EventContext } from '../api/event-context.js';
import type { Claim, KnownFailure } from '../ports/consumer-store.port.js';
import type { Transaction } from '../ports/transaction.js';
import type { ConsumerEnvironment } from './consumer-environment.js';
import type { BoundHandler, EventItem } from './work-item.js';

/** What a committed batch transaction did with its records. */
export interface BatchOutcome {
  /** Records whose effect is now durable. */
  readonly done: readonly EventItem[];
  /** Records that had taken effect before, or are dead and acknowledged. */
  readonly skipped: readonly EventItem[];
  /** Records whose way out of the happy path a crash interrupted. */
  readonly interrupted: readonly { readonly item: EventItem; readonly failure: KnownFailure }[];
}

/**
 * One batch, one transaction: the inbox statement claims every event, the handlers get only the fresh ones, and
 * all of it commits together.
 */
export class BatchTransaction {
  constructor(private readonly environment: ConsumerEnvironment) {}

  /** Runs the records, in their order; rejects with the error that rolled everything back. */
  async run(items: readonly EventItem[]): Promise<BatchOutcome> {
    const { store, options, clock } = this.environment;
    return store.transaction(async (tx) => {
      const entries = items.map(({ eventId, receivedAt }) => ({ eventId, receivedAt }));
      const claims = await store.claim(tx, options.group, entries, clock.now());
      const outcome = sort(items, claims);
      for (const [handler, fresh] of byHandler(outcome.done)) await this.invoke(handler, fresh, tx);
      return outcome;
    });
  }

  private async invoke(handler: BoundHandler, items: readonly EventItem[], tx: Transaction): Promise<void> {
    const { group } = this.environment.options;
    const events = items.map((item) => received(item, group));
    const context = new EventContext(tx, group);
    if (!handler.each) return handler.invoke({ events }, context);
    for (const event of events) await handler.invoke(event, context);
  }
}

/** Counts what the inbox kept from taking effect twice. */
export function countSkipped(group: string, outcome: BatchOutcome): void {
  const topic = outcome.skipped[0]?.record.topic;
  if (topic) countDuplicates({ group, topic }, outcome.skipped.length);
}

function sort(items: readonly EventItem[], claims: readonly Claim[]): BatchOutcome {
  const byId = new Map(claims.map((claim) => [claim.eventId, claim]));
  const done: EventItem[] = [];
  const skipped: EventItem[] = [];
  const interrupted: { item: EventItem; failure: KnownFailure }[] = [];
  const seen = new Set<string>();
  for (const item of items) {
    const claim = byId.get(item.eventId);
    const repeated = seen.has(item.eventId);
    seen.add(item.eventId);
    if (claim?.failure && !claim.failure.acknowledged && !repeated) {
      interrupted.push({ item, failure: claim.failure });
    } else if (claim?.fresh && !repeated) done.push(item);
    else skipped.push(item);
  }
  return { done, skipped, interrupted };
}

/** Consecutive records of one handler, in log order. */
function byHandler(items: readonly EventItem[]): [BoundHandler, EventItem[]][] {
  const runs: [BoundHandler, EventItem[]][] = [];
  for (const item of items) {
    const last = runs.at(-1);
    if (last?.[0] === item.handler) last[1].push(item);
    else runs.push([item.handler, [item]]);
  }
  return runs;
}

function received(item: EventItem, group: string): ReceivedEvent {
  const { record } = item;
  item.span ??= startProcessSpan({
    type: item.type,
    topic: record.topic,
    partition: record.partition,
    offset: record.offset.toString(),
    group,
    eventId: item.eventId,
    traceparent: record.headers[EventHeader.traceparent],
  });
  return {
    id: item.eventId,
    type: item.type,
    source: item.source,
    occurredAt: item.occurredAt,
    causationId: item.causationId,
    key: record.key === null ? null : record.key.toString(),
    data: item.data,
    context: item.span.context,
    traceId: item.span.traceId ?? '',
    topic: record.topic,
    partition: record.partition,
    offset: record.offset,
  };
}
