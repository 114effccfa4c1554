import type { Transaction } from '@millrace/messaging';
import type { Decision, RejectionReason, Shortage } from '../../domain/decision.js';
import type { OrderLine } from '../../domain/order-line.js';
import type { WatchedLevel } from '../../domain/stock/low-stock.js';
import { LEVEL_JSON } from '../stock.sql.js';

/** What is known before a batch of orders is judged. */
export interface OrdersToJudge {
  /** Locked until the transaction ends. */
  readonly levels: readonly WatchedLevel[];
  readonly decisions: readonly Decision[];
  /** Orders that were confirmed before they were created. */
  readonly awaited: ReadonlySet<string>;
}

interface StoredRow {
  readonly orderId: string;
  readonly eventId: string;
  readonly awaited: boolean;
  readonly decidedAt: string;
  readonly reason: RejectionReason | null;
  readonly shortages: Shortage[] | null;
  readonly lines: OrderLine[];
}

/*
 * One statement for both, because each costs a round trip in every small batch. The levels are those after the wait:
 * FOR UPDATE reads a row again that changed meanwhile. The decisions are those before it, for the snapshot is older than
 * the wait. That is safe because a stored decision never changes, and one that is missed is found by the primary key: the
 * write that follows is then refused, and the batch runs again.
 */
const LOCK = `
  WITH locked AS MATERIALIZED (
    SELECT * FROM stock WHERE sku = ANY ($1::text[]) ORDER BY sku FOR UPDATE)
  SELECT (SELECT json_agg(${LEVEL_JSON}) FROM locked) AS levels,
         (SELECT json_agg(json_build_object(
                   'orderId', r.order_id, 'eventId', r.event_id, 'awaited', r.status = 'awaited',
                   'decidedAt', r.decided_at, 'reason', r.reason, 'shortages', r.shortages,
                   'lines', ARRAY (SELECT json_build_object('sku', l.sku, 'quantity', l.quantity)
                                     FROM reservation_line l WHERE l.order_id = r.order_id ORDER BY l.sku)))
            FROM reservation r WHERE r.order_id = ANY ($2::uuid[])) AS stored`;

/** Locks the stock of those SKUs in the one order that cannot deadlock, and tells what those orders already have. */
export async function lockForOrders(
  tx: Transaction,
  skus: readonly string[],
  orderIds: readonly string[],
): Promise<OrdersToJudge> {
  const [row] = await tx.query<{ levels: WatchedLevel[] | null; stored: StoredRow[] | null }>(LOCK, [
    [...new Set(skus)],
    orderIds,
  ]);
  const stored = row?.stored ?? [];
  return {
    levels: row?.levels ?? [],
    decisions: stored.filter(({ awaited }) => !awaited).map(decisionOf),
    awaited: new Set(stored.filter(({ awaited }) => awaited).map(({ orderId }) => orderId)),
  };
}

function decisionOf({ orderId, eventId, decidedAt, reason, shortages, lines }: StoredRow): Decision {
  const common = { orderId, eventId, decidedAt: new Date(decidedAt) };
  return reason && shortages
    ? { ...common, status: 'rejected', reason, shortages }
    : { ...common, status: 'held', lines };
}
