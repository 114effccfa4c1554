/** Units that a SKU may have on hand, at most. */
export const MOST_UNITS = 1_000_000_000;

/** Stock of one SKU in whole units; `reserved` never passes `onHand + backorderLimit`. */
export interface StockLevel {
  readonly sku: string;
  readonly onHand: number;
  readonly reserved: number;
  /** Units that may be promised beyond those on hand. */
  readonly backorderLimit: number;
}

/** Units that can still be promised, at least zero. */
export function availableOf({ onHand, reserved, backorderLimit }: StockLevel): number {
  return Math.max(0, onHand + backorderLimit - reserved);
}

/** Fewest units on hand that still cover what is reserved, at least zero. */
export function leastOnHand({ reserved, backorderLimit }: StockLevel): number {
  return Math.max(0, reserved - backorderLimit);
}
