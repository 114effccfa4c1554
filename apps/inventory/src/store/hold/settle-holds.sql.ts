import type { Transaction } from '@millrace/messaging';
import type { HoldRule, ReleaseSignal } from '../../domain/hold/hold-life.js';
import { ConcurrentChangeError } from './concurrent-change.error.js';
import { MOVE_UNITS, moveParameters, type UnitMove } from './move-units.sql.js';

/** A hold that gives its units back or away. */
export interface SettledHold {
  readonly orderId: string;
  /** Why it was released; null when it was shipped. */
  readonly releaseReason: ReleaseSignal | null;
}

/** An order that ended before it was to be held. */
export interface Tombstone {
  readonly orderId: string;
  readonly eventId: string;
}

/** What one statement settles. */
export interface Settlement {
  readonly rule: HoldRule;
  readonly settled: readonly SettledHold[];
  readonly tombstones: readonly Tombstone[];
  readonly move: UnitMove;
}

// Rows are locked in the order of their ids: a batch that confirms the same holds locks them so as well.
const SETTLE = `
  WITH due AS MATERIALIZED (
    SELECT order_id FROM reservation
     WHERE order_id = ANY ($12::uuid[]) AND status = $13 ORDER BY order_id FOR NO KEY UPDATE),
  moved AS (
    UPDATE reservation r SET status = $14, release_reason = asked.reason, changed_at = $2
      FROM due JOIN unnest($12::uuid[], $15::text[]) AS asked (order_id, reason) USING (order_id)
     WHERE r.order_id = due.order_id AND r.status = $13
    RETURNING 1),
  go AS (SELECT count(*) = cardinality($12::uuid[]) AS ok FROM moved),
  ${MOVE_UNITS},
  buried AS (
    INSERT INTO reservation (order_id, event_id, status, reason, shortages, decided_at)
    SELECT order_id, event_id, 'rejected', 'order-ended', '[]'::jsonb, $2::timestamptz
      FROM unnest($16::uuid[], $17::uuid[]) AS ended (order_id, event_id)
     ORDER BY order_id
        ON CONFLICT DO NOTHING
    RETURNING 1)
  SELECT ((SELECT count(*) FROM moved) + (SELECT count(*) FROM buried))::integer AS rows`;

/**
 * Moves holds whose stock is locked, and buries orders of which nothing is known, in one statement. Throws
 * `ConcurrentChangeError` when one of them was moved or made by somebody else meanwhile.
 */
export async function settleHolds(
  tx: Transaction,
  { rule, settled, tombstones, move }: Settlement,
): Promise<void> {
  const expected = settled.length + tombstones.length;
  if (expected === 0) return;
  const [row] = await tx.query<{ rows: number }>(SETTLE, [
    ...moveParameters(move),
    settled.map(({ orderId }) => orderId),
    rule.from,
    rule.to,
    settled.map(({ releaseReason }) => releaseReason),
    tombstones.map(({ orderId }) => orderId),
    tombstones.map(({ eventId }) => eventId),
  ]);
  if (row?.rows !== expected) throw new ConcurrentChangeError();
}
