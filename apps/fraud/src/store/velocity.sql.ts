import type { Transaction } from '@millrace/messaging';
import type { AssessmentRequest } from '../domain/decision.js';

const LOCK = `
  SELECT pg_advisory_xact_lock(hashtext('millrace fraud velocity'), slot)
    FROM (SELECT DISTINCT (hashtextextended(customer_id, 42) % 4096)::integer AS slot
            FROM unnest($1::text[]) AS asked (customer_id)
           ORDER BY slot) AS slots`;

/**
 * Locks customers until the end of the transaction, in one order for all. It must stay a statement of its own:
 * in the same statement a count would read a snapshot older than the wait. 4096 slots bound the lock table.
 */
export async function lockCustomers(tx: Transaction, customerIds: readonly string[]): Promise<void> {
  await tx.query(LOCK, [customerIds]);
}

const RECORD = `
  INSERT INTO customer_activity (order_id, customer_id, placed_at)
  SELECT asked.order_id, asked.customer_id, asked.placed_at
    FROM unnest($1::uuid[], $2::text[], $3::timestamptz[])
         WITH ORDINALITY AS asked (order_id, customer_id, placed_at, position)
   ORDER BY asked.position`;

/** Records orders of locked customers, numbered in the order given. */
export async function recordActivity(
  tx: Transaction,
  orders: readonly Pick<AssessmentRequest, 'orderId' | 'customerId' | 'placedAt'>[],
): Promise<void> {
  await tx.query(RECORD, [
    orders.map((order) => order.orderId),
    orders.map((order) => order.customerId),
    orders.map((order) => order.placedAt),
  ]);
}

/** How orders of a customer are counted. */
export interface CountedWindow {
  /** Reach before and after an order's event time, in milliseconds. */
  readonly windowMs: number;
  /** Counting stops here. */
  readonly atMost: number;
}

const COUNT = `
  SELECT this.order_id AS "orderId", earlier.orders + 1 AS orders
    FROM customer_activity this,
         LATERAL (SELECT count(*)::integer AS orders
                    FROM (SELECT
                            FROM customer_activity other
                           WHERE other.customer_id = this.customer_id
                             AND other.placed_at BETWEEN this.placed_at - make_interval(secs => $2)
                                                     AND this.placed_at + make_interval(secs => $2)
                             AND other.decision < this.decision
                           LIMIT $3) AS bounded) AS earlier
   WHERE this.order_id = ANY ($1::uuid[])`;

/**
 * Counts, for each recorded order, its customer's orders that were decided before it and lie within the window
 * on either side of it, itself included. The window is symmetric because orders are decided out of event time.
 */
export async function countActivity(
  tx: Transaction,
  orderIds: readonly string[],
  { windowMs, atMost }: CountedWindow,
): Promise<ReadonlyMap<string, number>> {
  const rows = await tx.query<{ orderId: string; orders: number }>(COUNT, [
    orderIds,
    windowMs / 1_000,
    atMost - 1,
  ]);
  return new Map(rows.map(({ orderId, orders }) => [orderId, orders]));
}
