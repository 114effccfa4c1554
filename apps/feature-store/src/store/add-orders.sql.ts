import type { Transaction } from '@millrace/messaging';

/** An accepted order as the feature store keeps it. */
export interface CustomerOrder {
  readonly orderId: string;
  readonly eventId: string;
  readonly customerId: string;
  readonly currency: string;
  /** Total of the order in minor units of its currency. */
  readonly sumMinor: number;
  /** Event time, RFC 3339. */
  readonly placedAt: string;
}

const ADD = `
  WITH fresh AS (
    INSERT INTO customer_order_event (order_id, event_id, customer_id, currency, sum_minor, event_ts)
    SELECT *
      FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::timestamptz[]) AS given (order_id)
     ORDER BY order_id
        ON CONFLICT (order_id) DO NOTHING
    RETURNING customer_id, currency, sum_minor, event_ts
  ), tile AS (
    INSERT INTO customer_order_tile (customer_id, minute, currency, orders, sum_minor)
    SELECT customer_id, date_trunc('minute', event_ts, 'UTC') AS minute, currency, count(*), sum(sum_minor)
      FROM fresh
     GROUP BY customer_id, minute, currency
     ORDER BY customer_id, minute, currency
        ON CONFLICT (customer_id, minute, currency)
        DO UPDATE SET orders = customer_order_tile.orders + excluded.orders,
                      sum_minor = customer_order_tile.sum_minor + excluded.sum_minor
  )
  INSERT INTO customer_latest (customer_id, last_order_at)
  SELECT customer_id, max(event_ts)
    FROM fresh
   GROUP BY customer_id
   ORDER BY customer_id
      ON CONFLICT (customer_id)
      DO UPDATE SET last_order_at = GREATEST(customer_latest.last_order_at, excluded.last_order_at)`;

/**
 * Keeps the orders and adds those that are new to the features, in one statement; an order already kept changes
 * nothing, and the order of arrival does not matter. Rows of each table are locked in the order of their keys and
 * the tables in one order too, so that concurrent batches wait but never deadlock.
 */
export function addOrders(tx: Transaction, orders: readonly CustomerOrder[]): void {
  tx.write(ADD, [
    orders.map(({ orderId }) => orderId),
    orders.map(({ eventId }) => eventId),
    orders.map(({ customerId }) => customerId),
    orders.map(({ currency }) => currency),
    orders.map(({ sumMinor }) => sumMinor),
    orders.map(({ placedAt }) => placedAt),
  ]);
}
