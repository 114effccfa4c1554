import type { Transaction } from '@millrace/messaging';
import type { Decision } from '../../domain/decision.js';
import type { HoldStatus } from '../../domain/hold/hold-life.js';
import { ConcurrentChangeError } from './concurrent-change.error.js';
import { MOVE_UNITS, moveParameters, type UnitMove } from './move-units.sql.js';

/** A decision as its row begins. */
export interface NewHold {
  readonly decision: Decision;
  readonly status: HoldStatus;
  /** Trace that it is made in. */
  readonly traceparent: string | null;
}

const DECIDE = `
  WITH go AS (SELECT true AS ok),
  ${MOVE_UNITS},
  line AS (
    INSERT INTO reservation_line (order_id, sku, quantity)
    SELECT * FROM unnest($6::uuid[], $3::text[], $5::integer[]))
  INSERT INTO reservation (order_id, event_id, status, reason, shortages, traceparent, decided_at, expires_at)
  SELECT new.order_id, new.event_id, new.status, new.reason, new.shortages::jsonb, new.traceparent, $2::timestamptz,
         CASE WHEN new.status = 'held' THEN $18::timestamptz END
    FROM unnest($12::uuid[], $13::uuid[], $14::text[], $15::text[], $16::text[], $17::text[])
         AS new (order_id, event_id, status, reason, shortages, traceparent)
   ORDER BY new.order_id`;

const FORGET = `
  DELETE FROM reservation WHERE order_id IN (
    SELECT order_id FROM reservation
     WHERE order_id = ANY ($1::uuid[]) AND status = 'awaited' ORDER BY order_id FOR UPDATE)`;

/** Makes room for the decisions of orders that were awaited. */
export function forgetAwaited(tx: Transaction, orderIds: readonly string[]): void {
  if (orderIds.length > 0) tx.write(FORGET, [orderIds]);
}

/**
 * Stores new decisions with their lines, their rows in the ledger and the stock that they take, in one statement. Throws
 * `ConcurrentChangeError` when an order got its decision from somebody else meanwhile.
 */
export async function storeDecisions(
  tx: Transaction,
  holds: readonly NewHold[],
  move: UnitMove,
  expiresAt: Date,
): Promise<void> {
  const rejected = holds.map(({ decision }) => (decision.status === 'rejected' ? decision : undefined));
  await tx
    .query(DECIDE, [
      ...moveParameters(move),
      holds.map(({ decision }) => decision.orderId),
      holds.map(({ decision }) => decision.eventId),
      holds.map(({ status }) => status),
      rejected.map((decision) => decision?.reason ?? null),
      rejected.map((decision) => (decision ? JSON.stringify(decision.shortages) : null)),
      holds.map(({ status, traceparent }) => (status === 'held' ? traceparent : null)),
      expiresAt,
    ])
    .catch((error: unknown) => {
      throw isUniqueViolation(error) ? new ConcurrentChangeError() : error;
    });
}

function isUniqueViolation(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === '23505';
}
