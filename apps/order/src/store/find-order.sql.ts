import type { OrderDetails, OrderLine, OrderStatus } from '../domain/order.js';

/** Row of the statement: the order with its lines in order. */
export interface OrderRow {
  readonly id: string;
  readonly customerId: string;
  readonly region: string;
  readonly currency: string;
  /** bigint as text. */
  readonly totalMinor: string;
  readonly status: OrderStatus;
  readonly eventId: string;
  readonly traceId: string;
  readonly details: OrderDetails;
  readonly placedAt: Date;
  readonly lines: readonly OrderLine[];
}

/** Columns of an order's row, its lines among them. */
export const ORDER_COLUMNS = `
  id, customer_id AS "customerId", region, currency, total_minor AS "totalMinor", status,
  event_id AS "eventId", trace_id AS "traceId", details, placed_at AS "placedAt",
  (SELECT jsonb_agg(jsonb_build_object('sku', sku, 'quantity', quantity, 'unitPriceMinor', unit_price_minor)
                    ORDER BY line_no)
     FROM order_line WHERE order_id = orders.id) AS lines`;

/** Reads one order; $1 is its id. */
export const FIND_ORDER = `SELECT ${ORDER_COLUMNS} FROM orders WHERE id = $1`;
