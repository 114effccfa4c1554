import { ORDER_COLUMNS } from './find-order.sql.js';

/**
 * Reads a page of orders, newest first. $1 is a customer's id or null for all; $2 and $3 are the last order of the page
 * before, by its `cursorAt` and id, or null; $4 is how many.
 */
export const LIST_ORDERS = `
  SELECT ${ORDER_COLUMNS}, to_char(placed_at, 'YYYY-MM-DD"T"HH24:MI:SS.USOF') AS "cursorAt"
    FROM orders
   WHERE ($1::text IS NULL OR customer_id = $1)
     AND ($2::timestamptz IS NULL OR (placed_at, id) < ($2::timestamptz, $3::uuid))
   ORDER BY placed_at DESC, id DESC LIMIT $4`;
