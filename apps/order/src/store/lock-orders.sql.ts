import type { Transaction } from '@millrace/messaging';
import type { OrderStatus } from '../domain/order.js';

/** A locked order, as far as its end concerns it. */
export interface LockedOrder {
  readonly id: string;
  readonly status: OrderStatus;
  readonly deadlineAt: Date;
  /** Id of its `order.created`. */
  readonly eventId: string;
  readonly customerId: string;
  readonly region: string;
  readonly currency: string;
  /** bigint as text. */
  readonly totalMinor: string;
}

const COLUMNS = `id, status, deadline_at AS "deadlineAt", event_id AS "eventId", customer_id AS "customerId", region,
                 currency, total_minor AS "totalMinor"`;

const LOCK = `
  SELECT ${COLUMNS} FROM orders WHERE id = ANY ($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`;

/**
 * Locks orders until the transaction ends, in the order of their ids, so that two batches never wait for each other in
 * a circle. A statement of its own: what is read after it can no longer change.
 */
export function lockOrders(tx: Transaction, ids: readonly string[]): Promise<LockedOrder[]> {
  return tx.query<LockedOrder>(LOCK, [ids]);
}

const LOCK_DUE = `
  SELECT ${COLUMNS} FROM orders
   WHERE status = 'pending' AND deadline_at <= to_timestamp($1::double precision / 1000)
   ORDER BY deadline_at LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED`;

/** Locks pending orders whose deadline has passed by that moment (milliseconds since the epoch), and waits for none. */
export function lockDueOrders(tx: Transaction, now: number, limit: number): Promise<LockedOrder[]> {
  return tx.query<LockedOrder>(LOCK_DUE, [now, limit]);
}
