import type { Transaction } from '@millrace/messaging';
import type { OrderLine } from '../domain/order-line.js';
import type { StockLevel } from '../domain/stock-level.js';

const LOCK = `
  SELECT sku, on_hand AS "onHand", reserved, backorder_limit AS "backorderLimit"
    FROM stock
   WHERE sku = ANY ($1::text[])
   ORDER BY sku
     FOR UPDATE`;

/** Locks the stock of those SKUs, in the one order that cannot deadlock, and tells it as it is then. */
export function lockStock(tx: Transaction, skus: readonly string[]): Promise<StockLevel[]> {
  return tx.query<StockLevel>(LOCK, [[...new Set(skus)]]);
}

const HOLD = `
  UPDATE stock s
     SET reserved = s.reserved + taken.quantity, version = s.version + 1
    FROM unnest($1::text[], $2::integer[]) AS taken (sku, quantity)
   WHERE s.sku = taken.sku`;

/** Adds to what is reserved; one line per SKU, all locked before. */
export async function holdUnits(tx: Transaction, taken: readonly OrderLine[]): Promise<void> {
  await tx.query(HOLD, [taken.map((line) => line.sku), taken.map((line) => line.quantity)]);
}

const ADD = `INSERT INTO stock (sku, on_hand) VALUES ($1, 0) ON CONFLICT DO NOTHING RETURNING sku`;

/** Makes the SKU with nothing on hand; tells whether it was missing. */
export async function addSku(tx: Transaction, sku: string): Promise<boolean> {
  return (await tx.query(ADD, [sku])).length === 1;
}

const COUNT = `UPDATE stock SET on_hand = $2, version = version + 1 WHERE sku = $1`;

/** Sets the units on hand of a SKU that is locked. */
export async function setOnHand(tx: Transaction, sku: string, onHand: number): Promise<void> {
  await tx.query(COUNT, [sku, onHand]);
}
