import type { Transaction } from '@millrace/messaging';

/** An accepted order as analytics keeps it. */
export interface OrderFact {
  readonly orderId: string;
  readonly eventId: string;
  readonly region: string;
  readonly currency: string;
  /** Total of the order in minor units of its currency. */
  readonly revenueMinor: number;
  /** RFC 3339. */
  readonly placedAt: string;
  /** The import that brought it, with the order's hash of its checksum: 64 bits. */
  readonly batch?: { readonly id: string; readonly hash: bigint };
}

const ADD = `
  WITH given AS (
    SELECT *
      FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::timestamptz[], $7::text[],
                  $8::numeric[])
        AS o (order_id, event_id, region, currency, revenue_minor, placed_at, batch_id, hash)
  ), fresh AS (
    INSERT INTO order_fact (order_id, event_id, region, currency, revenue_minor, placed_at)
    SELECT order_id, event_id, region, currency, revenue_minor, placed_at FROM given
     ORDER BY order_id
        ON CONFLICT (order_id) DO NOTHING
    RETURNING order_id, event_id, region, currency, revenue_minor
  ), arrived AS (
    INSERT INTO batch_arrival (batch_id, orders, hash_sum, hash_xor)
    SELECT batch_id, count(*), sum(hash) % 18446744073709551616,
           bit_xor((CASE WHEN hash < 9223372036854775808 THEN hash ELSE hash - 18446744073709551616 END)::bigint)
      FROM fresh JOIN given USING (order_id, event_id)
     WHERE batch_id IS NOT NULL
     GROUP BY batch_id
     ORDER BY batch_id
        ON CONFLICT (batch_id)
        DO UPDATE SET orders = batch_arrival.orders + excluded.orders,
                      hash_sum = (batch_arrival.hash_sum + excluded.hash_sum) % 18446744073709551616,
                      hash_xor = batch_arrival.hash_xor # excluded.hash_xor
  )
  INSERT INTO total (region, currency, orders, revenue_minor)
  SELECT region, currency, count(*), sum(revenue_minor)
    FROM fresh
   GROUP BY region, currency
   ORDER BY region, currency
      ON CONFLICT (region, currency)
      DO UPDATE SET orders = total.orders + excluded.orders,
                    revenue_minor = total.revenue_minor + excluded.revenue_minor`;

/**
 * Keeps the orders and adds those that are new to the totals and to their batches, in one statement; an order already kept changes
 * nothing. Rows are locked in the order of their keys, so that concurrent batches wait but never deadlock.
 */
export function addOrders(tx: Transaction, orders: readonly OrderFact[]): void {
  tx.write(ADD, [
    orders.map(({ orderId }) => orderId),
    orders.map(({ eventId }) => eventId),
    orders.map(({ region }) => region),
    orders.map(({ currency }) => currency),
    orders.map(({ revenueMinor }) => revenueMinor),
    orders.map(({ placedAt }) => placedAt),
    orders.map(({ batch }) => batch?.id ?? null),
    orders.map(({ batch }) => batch?.hash.toString() ?? null),
  ]);
}
