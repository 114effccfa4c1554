import type { Transaction } from '@millrace/messaging';
import type { OrderStatus } from '../domain/order.js';

/** How an order ended, as its row keeps it. */
export interface SettledOrder {
  readonly id: string;
  readonly status: Exclude<OrderStatus, 'pending'>;
  /** Id of the event that tells it. */
  readonly eventId: string;
  readonly because: string | null;
}

const SETTLE = `
  UPDATE orders
     SET status = ended.status, version = version + 1, updated_at = $5, settled_at = $5, settled_by = ended.event_id,
         settled_because = ended.because
    FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[]) AS ended (id, status, event_id, because)
   WHERE orders.id = ended.id AND orders.status = 'pending'
  RETURNING orders.id`;

/** Ends pending orders; throws when one of them was not pending, which its lock excludes. */
export async function settleOrders(
  tx: Transaction,
  settled: readonly SettledOrder[],
  at: Date,
): Promise<void> {
  if (settled.length === 0) return;
  const rows = await tx.query(SETTLE, [
    settled.map(({ id }) => id),
    settled.map(({ status }) => status),
    settled.map(({ eventId }) => eventId),
    settled.map(({ because }) => because),
    at,
  ]);
  if (rows.length !== settled.length) throw new TypeError('an order that had ended was to end again');
}

const POSTPONE = `
  UPDATE orders SET deadline_at = later.at, updated_at = $3
    FROM unnest($1::uuid[], $2::timestamptz[]) AS later (id, at)
   WHERE orders.id = later.id`;

/** Moves the deadlines of locked orders. */
export function postponeOrders(
  tx: Transaction,
  later: readonly { readonly id: string; readonly deadline: number }[],
  at: Date,
): void {
  if (later.length === 0) return;
  tx.write(POSTPONE, [
    later.map(({ id }) => id),
    later.map(({ deadline }) => new Date(deadline).toISOString()),
    at,
  ]);
}

const TRACEPARENTS = `SELECT id, traceparent FROM outbox WHERE id = ANY ($1::uuid[])`;

/** Trace contexts of events that are still in the outbox, by their ids. */
export async function traceparentsOf(
  tx: Transaction,
  eventIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await tx.query<{ id: string; traceparent: string }>(TRACEPARENTS, [eventIds]);
  return new Map(rows.map(({ id, traceparent }) => [id, traceparent]));
}

/** Which of these orders have ended; $1 are their ids. */
export const FIND_SETTLED = `SELECT id FROM orders WHERE id = ANY ($1::uuid[]) AND status <> 'pending'`;
