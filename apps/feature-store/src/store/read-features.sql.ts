import type { Transactions } from '@millrace/persistence';
import type { TimeWindow } from '../domain/time-window.js';

const LATEST = `
  SELECT customer_id AS "customerId", last_order_at AS "lastOrderAt"
    FROM customer_latest
   WHERE customer_id = ANY ($1::text[])`;

/** When each of the customers ordered last; customers that never did are absent. */
export function readLatest(
  transactions: Transactions,
  customerIds: readonly string[],
): Promise<{ customerId: string; lastOrderAt: Date }[]> {
  return transactions.read(LATEST, [customerIds]);
}

const SUMS = `
  SELECT customer_id AS "customerId", currency, sum(orders)::text AS orders, sum(sum_minor)::text AS "sumMinor"
    FROM customer_order_tile
   WHERE customer_id = ANY ($1::text[])
     AND minute BETWEEN $2 AND $3
   GROUP BY customer_id, currency`;

/** Orders and their sums per customer and currency over the tiles of a window; whole numbers as decimal text. */
export function readSums(
  transactions: Transactions,
  customerIds: readonly string[],
  { from, to }: TimeWindow,
): Promise<{ customerId: string; currency: string; orders: string; sumMinor: string }[]> {
  return transactions.read(SUMS, [customerIds, from, to]);
}
