import type { Transaction } from '@millrace/messaging';
import type { OrderLine } from '../domain/order-line.js';

/** Units of one SKU that an order holds from now on. */
export interface HeldUnits extends OrderLine {
  readonly orderId: string;
  readonly eventId: string;
}

const RESERVED = `
  INSERT INTO movement (sku, kind, reserved_change, order_id, event_id, moved_at)
  SELECT held.sku, 'reserved', held.quantity, held.order_id, held.event_id, $5
    FROM unnest($1::text[], $2::integer[], $3::uuid[], $4::uuid[]) AS held (sku, quantity, order_id, event_id)`;

/** Writes into the ledger what orders hold from now on. */
export async function recordReserved(tx: Transaction, held: readonly HeldUnits[], at: Date): Promise<void> {
  await tx.query(RESERVED, [
    held.map((line) => line.sku),
    held.map((line) => line.quantity),
    held.map((line) => line.orderId),
    held.map((line) => line.eventId),
    at,
  ]);
}

const COUNTED = `INSERT INTO movement (sku, kind, on_hand_change, moved_at) VALUES ($1, 'counted', $2, $3)`;

/** Writes into the ledger that the units on hand were counted anew; the change may be negative or zero. */
export async function recordCounted(tx: Transaction, sku: string, change: number, at: Date): Promise<void> {
  await tx.query(COUNTED, [sku, change, at]);
}
