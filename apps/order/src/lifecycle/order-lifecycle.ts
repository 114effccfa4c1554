import { Injectable } from '@nestjs/common';
import type { Transaction } from '@millrace/messaging';
import { Outbox, type Cause } from '@millrace/outbox';
import { Transactions } from '@millrace/persistence';
import { activeContext, contextFromTraceparent, logger } from '@millrace/telemetry';
import { endingEvent } from '../domain/ending-event.js';
import { checksAfter, noChecks, type Signal } from '../domain/order-checks.js';
import { cancel, expire, receive, type Ending, type OrderLife } from '../domain/order-life.js';
import { OrderConfig } from '../order.config.js';
import { lockDueOrders, lockOrders, type LockedOrder } from '../store/lock-orders.sql.js';
import { countedSignals, insertFeedback, type FeedbackRow } from '../store/order-feedback.sql.js';
import { postponeOrders, settleOrders, traceparentsOf } from '../store/order-life.sql.js';
import type { Feedback } from './feedback.js';
import { OrderUnseenError } from './order-unseen.error.js';

/** What became of a wish to cancel. */
export type Cancellation = 'cancelled' | 'settled' | 'unknown';

/** An order that ends, and why. */
interface EndingOrder {
  readonly order: LockedOrder;
  readonly ending: Ending;
  readonly cause: Cause;
}

/**
 * How long after a word its order may still become visible. Capture reads the log, where a commit stands before anybody
 * can see what it wrote: for a moment on a busy machine, for as long as the standby takes under synchronous replication.
 */
const UNSEEN_FOR_MS = 600_000;

const log = logger('order.lifecycle');

/**
 * Moves orders from `pending` to their one end. Every way locks the order first, reads what was heard of it, lets the
 * guarded table decide, and writes row, feedback and event in the same transaction.
 */
@Injectable()
export class OrderLifecycle {
  constructor(
    private readonly transactions: Transactions,
    private readonly outbox: Outbox,
    private readonly config: OrderConfig,
  ) {}

  /** Hears a batch of words, in their order, within the caller's transaction; throws `OrderUnseenError`. */
  async hearAll(batch: readonly Feedback[], now: Date, tx: Transaction): Promise<void> {
    const ids = [...new Set(batch.map(({ orderId }) => orderId))];
    // Both are on their way at once, and the second one runs, with a snapshot of its own, when the first has its locks.
    const [locked, signals] = await Promise.all([lockOrders(tx, ids), countedSignals(tx, ids)]);
    const orders = new Map(locked.map((order) => [order.id, order]));
    assertSeen(batch, orders, now);
    const lives = livesOf(locked, signals);
    const rows: FeedbackRow[] = [];
    const endings: EndingOrder[] = [];
    for (const { orderId, signal, event } of batch) {
      const [order, life] = [orders.get(orderId), lives.get(orderId)];
      const heard = life && receive(life, signal, now.getTime(), this.config.reviewDeadlineMs);
      rows.push({
        orderId,
        eventId: event.id,
        signal,
        effect: heard?.effect ?? 'unknown-order',
        occurredAt: event.occurredAt,
      });
      if (!order || !heard) continue;
      lives.set(orderId, heard.life);
      if (heard.ending) endings.push({ order, ending: heard.ending, cause: event });
    }
    await this.end(endings, now, tx);
    postponeOrders(tx, postponed(orders, lives), now);
    insertFeedback(tx, rows, now);
    warnOfStrangers(rows);
  }

  /** Cancels a pending order; one that was cancelled before stays so, one that ended otherwise is `settled`. */
  cancel(id: string, reason?: string): Promise<Cancellation> {
    return this.transactions.run(async (tx) => {
      const [order] = await lockOrders(tx, [id]);
      if (!order) return 'unknown';
      const { cancelled, ending } = cancel(lifeOf(order), reason);
      if (ending) await this.end([{ order, ending, cause: { context: activeContext() } }], new Date(), tx);
      return cancelled ? 'cancelled' : 'settled';
    });
  }

  /** Expires at most that many orders whose deadline has passed; resolves with how many. */
  expireDue(now: Date, limit: number): Promise<number> {
    return this.transactions.run(async (tx) => {
      const orders = await lockDueOrders(tx, now.getTime(), limit);
      if (orders.length === 0) return 0;
      const [signals, traces] = await Promise.all([
        countedSignals(
          tx,
          orders.map(({ id }) => id),
        ),
        traceparentsOf(
          tx,
          orders.map(({ eventId }) => eventId),
        ),
      ]);
      const lives = livesOf(orders, signals);
      const endings = orders.flatMap((order): EndingOrder[] => {
        const life = lives.get(order.id);
        const ending = life && expire(life, now.getTime());
        if (!ending) return [];
        // Nothing but time ends it: its own beginning is the cause, and the event stays in the order's trace.
        const context = contextFromTraceparent(traces.get(order.eventId) ?? '');
        return [{ order, ending, cause: { id: order.eventId, context } }];
      });
      await this.end(endings, now, tx);
      return endings.length;
    });
  }

  private async end(endings: readonly EndingOrder[], at: Date, tx: Transaction): Promise<void> {
    if (endings.length === 0) return;
    const events = this.outbox.append(
      endings.map(({ order, ending, cause }) => ({
        ...endingEvent({ ...order, totalMinor: Number(order.totalMinor) }, ending, at),
        cause,
      })),
      tx,
    );
    const settled = endings.map(({ order, ending }, index) => ({
      id: order.id,
      status: ending.status,
      eventId: events[index]?.id ?? '',
      because: becauseOf(ending),
    }));
    await settleOrders(tx, settled, at);
  }
}

/** Throws `OrderUnseenError` for a fresh word about an order that is not here; one that is old will never be of use. */
function assertSeen(batch: readonly Feedback[], orders: ReadonlyMap<string, LockedOrder>, now: Date): void {
  const since = now.getTime() - UNSEEN_FOR_MS;
  const unseen = batch.find(
    ({ orderId, event }) => !orders.has(orderId) && event.occurredAt.getTime() > since,
  );
  if (unseen) throw new OrderUnseenError(unseen.orderId);
}

/** The lives of orders after the signals that counted. */
function livesOf(
  orders: readonly LockedOrder[],
  signals: ReadonlyMap<string, readonly Signal[]>,
): Map<string, OrderLife> {
  return new Map(
    orders.map((order) => [order.id, { ...lifeOf(order), checks: checksAfter(signals.get(order.id) ?? []) }]),
  );
}

/** The life of an order of which nothing was heard. */
function lifeOf({ status, deadlineAt }: LockedOrder): OrderLife {
  return { status, checks: noChecks, deadline: deadlineAt.getTime() };
}

function becauseOf(ending: Ending): string | null {
  if (ending.status === 'expired') return `missing: ${ending.missing.join(', ')}`;
  return 'reason' in ending ? (ending.reason ?? null) : null;
}

function postponed(orders: ReadonlyMap<string, LockedOrder>, lives: ReadonlyMap<string, OrderLife>) {
  return [...lives]
    .map(([id, { deadline }]) => ({ id, deadline }))
    .filter(({ id, deadline }) => deadline !== orders.get(id)?.deadlineAt.getTime());
}

function warnOfStrangers(rows: readonly FeedbackRow[]): void {
  const orderIds = rows.filter(({ effect }) => effect === 'unknown-order').map(({ orderId }) => orderId);
  if (orderIds.length === 0) return;
  log.warn(
    { orders: orderIds.length, orderId: orderIds[0] },
    'heard of orders that are not here; their feedback is kept in order_feedback',
  );
}
