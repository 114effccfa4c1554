import type { Transaction } from '@millrace/messaging';
import type { Signal, SignalEffect } from '../domain/order-checks.js';

/** A word about an order, and what it did. */
export interface FeedbackRow {
  readonly orderId: string;
  readonly eventId: string;
  readonly signal: Signal;
  readonly effect: SignalEffect;
  readonly occurredAt: Date;
}

const COUNTED = `
  SELECT order_id AS "orderId", signal FROM order_feedback
   WHERE order_id = ANY ($1::uuid[]) AND effect = 'counted' ORDER BY position`;

/** Signals that counted for each of these orders, in their order. */
export async function countedSignals(
  tx: Transaction,
  orderIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Signal[]>> {
  const rows = await tx.query<{ orderId: string; signal: Signal }>(COUNTED, [orderIds]);
  const signals = new Map<string, Signal[]>();
  for (const { orderId, signal } of rows) {
    const known = signals.get(orderId);
    if (known) known.push(signal);
    else signals.set(orderId, [signal]);
  }
  return signals;
}

const INSERT = `
  INSERT INTO order_feedback (order_id, event_id, signal, effect, occurred_at, received_at)
  SELECT order_id, event_id, signal, effect, occurred_at, $6
    FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[])
      AS heard (order_id, event_id, signal, effect, occurred_at)`;

/** Keeps what was heard, in its order. */
export function insertFeedback(tx: Transaction, rows: readonly FeedbackRow[], receivedAt: Date): void {
  tx.write(INSERT, [
    rows.map(({ orderId }) => orderId),
    rows.map(({ eventId }) => eventId),
    rows.map(({ signal }) => signal),
    rows.map(({ effect }) => effect),
    rows.map(({ occurredAt }) => occurredAt.toISOString()),
    receivedAt,
  ]);
}
