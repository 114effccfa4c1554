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
}

const ADD = `
  WITH fresh AS (
    INSERT INTO order_fact (order_id, event_id, region, currency, revenue_minor, placed_at)
    SELECT *
      FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::timestamptz[]) AS given (order_id)
     ORDER BY order_id
        ON CONFLICT (order_id) DO NOTHING
    RETURNING region, currency, revenue_minor
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
 * Keeps the orders and adds those that are new to the totals, in one statement; an order already kept changes
 * nothing. Rows are locked in the order of their keys, so that concurrent batches wait but never deadlock.
 */
export async function addOrders(tx: Transaction, orders: readonly OrderFact[]): Promise<void> {
  await tx.query(ADD, [
    orders.map(({ orderId }) => orderId),
    orders.map(({ eventId }) => eventId),
    orders.map(({ region }) => region),
    orders.map(({ currency }) => currency),
    orders.map(({ revenueMinor }) => revenueMinor),
    orders.map(({ placedAt }) => placedAt),
  ]);
}
