import type { Transaction } from '@millrace/messaging';
import type { WatchedLevel } from '../domain/stock/low-stock.js';

/** Stock of a SKU with the version that a writer may insist on. */
export interface VersionedLevel extends WatchedLevel {
  readonly version: number;
}

/** A row of `stock` as JSON, as the domain names its fields. */
export const LEVEL_JSON = `json_build_object(
    'sku', sku, 'onHand', on_hand, 'reserved', reserved, 'backorderLimit', backorder_limit,
    'lowThreshold', low_threshold, 'lowTold', low_told, 'version', version)`;

const LOCK = `SELECT ${LEVEL_JSON} AS level FROM stock WHERE sku = $1 FOR UPDATE`;

/** Locks the stock of one SKU and tells it as it is then; undefined when the SKU is unknown. */
export async function lockStock(tx: Transaction, sku: string): Promise<VersionedLevel | undefined> {
  const [row] = await tx.query<{ level: VersionedLevel }>(LOCK, [sku]);
  return row?.level;
}

const ADD = `INSERT INTO stock (sku, on_hand) VALUES ($1, 0) ON CONFLICT DO NOTHING RETURNING sku`;

/** Makes the SKU with nothing on hand; tells whether it was missing. */
export async function addSku(tx: Transaction, sku: string): Promise<boolean> {
  return (await tx.query(ADD, [sku])).length === 1;
}

const WRITE = `
  WITH ledger AS (
    INSERT INTO movement (sku, kind, on_hand_change, reason, moved_at)
    SELECT $1::text, $2::text, $3::integer, $4::text, $5::timestamptz WHERE $2::text IS NOT NULL)
  UPDATE stock
     SET on_hand = on_hand + $3::integer, backorder_limit = $6, low_threshold = $7, low_told = $8,
         version = version + 1
   WHERE sku = $1`;

/** Why units on hand changed. */
export interface OnHandChange {
  readonly kind: 'counted' | 'adjusted';
  readonly change: number;
  readonly reason?: string;
  readonly at: Date;
}

/** Writes the settings of a locked SKU and the change of its units on hand, with a row of the ledger; without units, none. */
export function writeStock(
  tx: Transaction,
  { sku, backorderLimit, lowThreshold, lowTold }: WatchedLevel,
  { kind, change, reason, at }: OnHandChange,
): void {
  const entered = change === 0 ? null : kind;
  tx.write(WRITE, [sku, entered, change, reason ?? null, at, backorderLimit, lowThreshold, lowTold]);
}
