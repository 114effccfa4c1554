import type { Transaction } from '@millrace/messaging';
import { HOLD_RULES } from '../../domain/hold/hold-life.js';
import { ConcurrentChangeError } from './concurrent-change.error.js';
import type { Tombstone } from './settle-holds.sql.js';

const CONFIRM = `
  WITH due AS MATERIALIZED (
    SELECT order_id FROM reservation
     WHERE order_id = ANY ($1::uuid[]) AND status = $2 ORDER BY order_id FOR NO KEY UPDATE)
  UPDATE reservation r SET status = $3, changed_at = $4
    FROM due
   WHERE r.order_id = due.order_id AND r.status = $2
  RETURNING r.order_id AS "orderId"`;

/** Confirms those of the orders that are held, and tells which. No stock moves, so none is locked. */
export async function confirmHolds(
  tx: Transaction,
  orderIds: readonly string[],
  at: Date,
): Promise<ReadonlySet<string>> {
  const { from, to } = HOLD_RULES['order-confirmed'];
  const rows = await tx.query<{ orderId: string }>(CONFIRM, [orderIds, from, to, at]);
  return new Set(rows.map(({ orderId }) => orderId));
}

const AWAIT = `
  INSERT INTO reservation (order_id, event_id, status, decided_at)
  SELECT order_id, event_id, 'awaited', $3::timestamptz
    FROM unnest($1::uuid[], $2::uuid[]) AS early (order_id, event_id)
   ORDER BY order_id
      ON CONFLICT DO NOTHING
  RETURNING 1`;

/** Keeps that orders are confirmed of which nothing else is known; throws `ConcurrentChangeError` when something is. */
export async function awaitOrders(tx: Transaction, early: readonly Tombstone[], at: Date): Promise<void> {
  if (early.length === 0) return;
  const ids = [early.map(({ orderId }) => orderId), early.map(({ eventId }) => eventId)];
  const rows = await tx.query(AWAIT, [...ids, at]);
  if (rows.length !== early.length) throw new ConcurrentChangeError();
}
