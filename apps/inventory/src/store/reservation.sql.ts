import type { Transaction } from '@millrace/messaging';
import type { Decision, RejectionReason, Shortage } from '../domain/decision.js';
import type { OrderLine } from '../domain/order-line.js';
import type { HeldUnits } from './movement.sql.js';

interface DecisionRow {
  readonly orderId: string;
  readonly eventId: string;
  readonly decidedAt: Date;
  readonly reason: RejectionReason | null;
  readonly shortages: Shortage[] | null;
  readonly lines: OrderLine[];
}

const STORED = `
  SELECT r.order_id AS "orderId", r.event_id AS "eventId", r.decided_at AS "decidedAt", r.reason, r.shortages,
         ARRAY (SELECT jsonb_build_object('sku', l.sku, 'quantity', l.quantity)
                  FROM reservation_line l
                 WHERE l.order_id = r.order_id
                 ORDER BY l.sku) AS lines
    FROM reservation r
   WHERE r.order_id = ANY ($1::uuid[])`;

/** Decisions that those orders already have. */
export async function storedDecisions(tx: Transaction, orderIds: readonly string[]): Promise<Decision[]> {
  const rows = await tx.query<DecisionRow>(STORED, [orderIds]);
  return rows.map(({ orderId, eventId, decidedAt, reason, shortages, lines }) => ({
    orderId,
    eventId,
    decidedAt,
    ...(reason && shortages ? { status: 'rejected', reason, shortages } : { status: 'held', lines }),
  }));
}

const DECIDED = `
  INSERT INTO reservation (order_id, event_id, status, reason, shortages, decided_at)
  SELECT made.order_id, made.event_id, made.status, made.reason, made.shortages::jsonb, made.decided_at
    FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
         AS made (order_id, event_id, status, reason, shortages, decided_at)
   ORDER BY made.order_id`;

/** Stores new decisions; an order that got one meanwhile fails the statement (23505). */
export async function insertDecisions(tx: Transaction, made: readonly Decision[]): Promise<void> {
  const rejected = made.map((decision) => (decision.status === 'rejected' ? decision : undefined));
  await tx.query(DECIDED, [
    made.map((decision) => decision.orderId),
    made.map((decision) => decision.eventId),
    made.map((decision) => decision.status),
    rejected.map((decision) => decision?.reason ?? null),
    rejected.map((decision) => (decision ? JSON.stringify(decision.shortages) : null)),
    made.map((decision) => decision.decidedAt),
  ]);
}

const LINES = `
  INSERT INTO reservation_line (order_id, sku, quantity)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::integer[])`;

/** Stores the units that held orders hold. */
export async function insertLines(tx: Transaction, held: readonly HeldUnits[]): Promise<void> {
  await tx.query(LINES, [
    held.map((line) => line.orderId),
    held.map((line) => line.sku),
    held.map((line) => line.quantity),
  ]);
}
