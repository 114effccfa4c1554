import type { Transaction } from '@millrace/messaging';

// One process sweeps at a time: two would lock the same stock for the same holds, and one of them for nothing.
const DUE = `
  WITH alone AS MATERIALIZED (
    SELECT pg_try_advisory_xact_lock(hashtextextended('inventory.sweep', 0)) AS got)
  SELECT order_id AS "orderId" FROM reservation
   WHERE (SELECT got FROM alone) AND status = 'held' AND expires_at <= $1
   ORDER BY expires_at LIMIT $2`;

/** Orders whose hold has outlived its time by that moment; none while another process sweeps. */
export async function dueHolds(tx: Transaction, now: Date, limit: number): Promise<string[]> {
  const rows = await tx.query<{ orderId: string }>(DUE, [now, limit]);
  return rows.map(({ orderId }) => orderId);
}
