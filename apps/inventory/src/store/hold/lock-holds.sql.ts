import type { Transaction } from '@millrace/messaging';
import type { HoldStatus } from '../../domain/hold/hold-life.js';
import type { OrderLine } from '../../domain/order-line.js';
import type { WatchedLevel } from '../../domain/stock/low-stock.js';
import { LEVEL_JSON } from '../stock.sql.js';

/** What is stored of an order. */
export interface StoredHold {
  readonly orderId: string;
  readonly status: HoldStatus;
  /** Event that the decision was made for. */
  readonly eventId: string;
  /** Trace that it was made in. */
  readonly traceparent: string | null;
  readonly changedAt: string | null;
  /** What it holds or held, sorted by SKU. */
  readonly lines: readonly OrderLine[];
}

/** Holds with the stock of those that may move. */
export interface LockedHolds {
  readonly holds: ReadonlyMap<string, StoredHold>;
  /** Locked until the transaction ends. */
  readonly levels: readonly WatchedLevel[];
}

/*
 * Only the stock of orders that stand at $2 is locked, in the order of all who lock stock; lines never change. The status
 * read here may be older than the wait for that lock: the statement that moves a hold looks at it again.
 */
const LOCK = `
  WITH hold AS MATERIALIZED (
    SELECT * FROM reservation WHERE order_id = ANY ($1::uuid[])),
  line AS MATERIALIZED (
    SELECT l.*, h.status FROM hold h JOIN reservation_line l USING (order_id)),
  locked AS MATERIALIZED (
    SELECT * FROM stock
     WHERE sku = ANY (ARRAY (SELECT sku FROM line WHERE status = $2)) ORDER BY sku FOR UPDATE)
  SELECT (SELECT json_agg(json_build_object(
                   'orderId', h.order_id, 'status', h.status, 'eventId', h.event_id, 'traceparent', h.traceparent,
                   'changedAt', h.changed_at,
                   'lines', ARRAY (SELECT json_build_object('sku', l.sku, 'quantity', l.quantity)
                                     FROM line l WHERE l.order_id = h.order_id ORDER BY l.sku)))
            FROM hold h) AS holds,
         (SELECT json_agg(${LEVEL_JSON}) FROM locked) AS levels`;

/** Reads holds, and locks the stock of those that stand where a move begins. */
export async function lockHolds(
  tx: Transaction,
  orderIds: readonly string[],
  from: HoldStatus,
): Promise<LockedHolds> {
  const [row] = await tx.query<{ holds: StoredHold[] | null; levels: WatchedLevel[] | null }>(LOCK, [
    [...new Set(orderIds)],
    from,
  ]);
  const holds = row?.holds ?? [];
  return { holds: new Map(holds.map((hold) => [hold.orderId, hold])), levels: row?.levels ?? [] };
}

const STATUSES = `SELECT order_id AS "orderId", status FROM reservation WHERE order_id = ANY ($1::uuid[])`;

/** Where those orders stand; nothing is locked. */
export async function holdStatuses(
  tx: Transaction,
  orderIds: readonly string[],
): Promise<ReadonlyMap<string, HoldStatus>> {
  const rows = await tx.query<{ orderId: string; status: HoldStatus }>(STATUSES, [orderIds]);
  return new Map(rows.map(({ orderId, status }) => [orderId, status]));
}
