import type pg from 'pg';
import { rowsOf } from '../../support/database.js';

/** Everything that the three services keep of one order. */
export interface JudgedOrder {
  readonly id: string;
  readonly customerId: string;
  readonly status: string;
  readonly hold: string | null;
  readonly fraud: string | null;
  readonly review: string | null;
  /** How often each event was told, as `topic times`, sorted. */
  readonly told: readonly string[];
}

const JUDGED = `
  SELECT o.id, o.customer_id AS "customerId", o.status, r.status AS hold, a.outcome AS fraud, v.state AS review,
         ARRAY (SELECT topic || ' ' || count(*)
                  FROM (SELECT topic FROM "order".outbox WHERE aggregate_id = o.id::text
                         UNION ALL SELECT topic FROM fraud.outbox WHERE aggregate_id = o.id::text
                         UNION ALL SELECT topic FROM inventory.outbox WHERE aggregate_id = o.id::text) event
                 GROUP BY topic ORDER BY topic) AS told
    FROM "order".orders o
    LEFT JOIN inventory.reservation r ON r.order_id = o.id
    LEFT JOIN fraud.assessment a ON a.order_id = o.id AND a.live
    LEFT JOIN fraud.review v ON v.order_id = o.id AND v.opened_at IS NOT NULL
   WHERE o.customer_id LIKE $1 || '%'`;

/** What became of the orders of customers whose name begins so. */
export function judgedOrders(pool: pg.Pool, customers: string): Promise<JudgedOrder[]> {
  return rowsOf<JudgedOrder>(pool, JUDGED, [customers]);
}

/** Why an order contradicts itself across the services; undefined when it does not. */
export function contradictionIn({ status, hold, fraud, review, told }: JudgedOrder): string | undefined {
  const allowed = fraud === 'approve' || review === 'approved';
  const times = (topic: string) =>
    Number(told.find((one) => one.startsWith(`${topic} `))?.split(' ')[1] ?? 0);
  const ends = ['confirmed', 'rejected', 'cancelled', 'expired'].map((end) => times(`order.${end}`));
  if (ends.reduce((sum, each) => sum + each, 0) !== 1 || times(`order.${status}`) !== 1) return 'ended oddly';
  if (times('fraud.assessed') !== 1) return 'not assessed once';
  if (times('inventory.reserved') + times('inventory.rejected') !== 1)
    return 'not answered once by inventory';
  if (times('inventory.released') !== (hold === 'released' ? 1 : 0)) return 'not released as often as told';
  if (times('fraud.reviewed') !== (review === 'approved' || review === 'declined' ? 1 : 0))
    return 'reviewed oddly';
  if (review === 'open') return 'still in review';
  if (status === 'confirmed') return allowed && hold === 'confirmed' ? undefined : 'confirmed for no reason';
  if (status === 'rejected' && allowed && hold === 'released') return 'rejected for no reason';
  return hold === 'released' || hold === 'rejected' ? undefined : 'holds stock';
}
