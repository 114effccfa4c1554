import type { OrderCreated } from '@millrace/contracts';
import { OrderRefusedError } from './order-refused.error.js';

type OrderLine = OrderCreated['lines'][number];

/**
 * Folds lines of one SKU into the first of them, in the order of their first appearance. The same SKU at two prices
 * is refused: nobody could say what the merged line costs.
 */
export function mergeLines(lines: readonly OrderLine[]): OrderLine[] {
  const merged = new Map<string, OrderLine>();
  lines.forEach((line, index) => {
    const known = merged.get(line.sku);
    if (known && known.unitPriceMinor !== line.unitPriceMinor) {
      throw new OrderRefusedError(
        'price-conflict',
        `/lines/${index}/unitPriceMinor`,
        'must be the price that an earlier line has for the same SKU',
      );
    }
    merged.set(line.sku, known ? { ...known, quantity: known.quantity + line.quantity } : { ...line });
  });
  return [...merged.values()];
}

/** Sum of the lines in minor units; refused beyond 2^53 - 1, where integers in JSON stop being exact. */
export function totalOf(lines: readonly OrderLine[]): number {
  const total = lines.reduce((sum, line) => sum + BigInt(line.quantity) * BigInt(line.unitPriceMinor), 0n);
  if (total > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new OrderRefusedError(
      'total-too-large',
      '/lines',
      'must not cost more than 2^53 - 1 minor units in all',
    );
  }
  return Number(total);
}
