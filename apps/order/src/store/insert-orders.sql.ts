import type { Transaction } from '@millrace/messaging';
import type { PlacedOrder } from './placed-order.js';

const INSERT = `
  WITH placed AS (
    INSERT INTO orders (id, customer_id, region, currency, total_minor, status, event_id, trace_id, details,
                        placed_at, updated_at, deadline_at, batch_id)
    SELECT id, customer_id, region, currency, total_minor, status, event_id, trace_id, details,
           placed_at, placed_at, $16, batch_id
      FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::uuid[],
                  $8::text[], $9::jsonb[], $10::timestamptz[], $17::text[])
        AS o (id, customer_id, region, currency, total_minor, status, event_id, trace_id, details, placed_at, batch_id)
  )
  INSERT INTO order_line (order_id, line_no, sku, quantity, unit_price_minor)
  SELECT * FROM unnest($11::uuid[], $12::integer[], $13::text[], $14::integer[], $15::bigint[])`;

/** Inserts orders and all their lines with one statement; the deadline is when the checks must have come. */
export function insertOrders(tx: Transaction, orders: readonly PlacedOrder[], deadline: Date): void {
  const lines = orders.flatMap(({ id, lines: own }) =>
    own.map((line, index) => ({ ...line, orderId: id, lineNo: index + 1 })),
  );
  tx.write(INSERT, [
    orders.map((order) => order.id),
    orders.map((order) => order.customerId),
    orders.map((order) => order.region),
    orders.map((order) => order.currency),
    orders.map((order) => order.totalMinor),
    orders.map((order) => order.status),
    orders.map((order) => order.eventId),
    orders.map((order) => order.traceId),
    orders.map((order) => JSON.stringify(order.details)),
    orders.map((order) => order.placedAt.toISOString()),
    lines.map((line) => line.orderId),
    lines.map((line) => line.lineNo),
    lines.map((line) => line.sku),
    lines.map((line) => line.quantity),
    lines.map((line) => line.unitPriceMinor),
    deadline,
    orders.map((order) => order.batchId ?? null),
  ]);
}
