import type { Shortage } from '../decision.js';
import type { OrderLine } from '../order-line.js';
import type { StockLevel } from './stock-level.js';

/** Lines that cannot be shipped, because they were promised beyond what is on hand; `available` is what is there. */
export function missingUnits(lines: readonly OrderLine[], levels: readonly StockLevel[]): Shortage[] {
  const onHand = new Map(levels.map((level) => [level.sku, level.onHand]));
  return lines
    .map(({ sku, quantity }) => ({ sku, requested: quantity, available: onHand.get(sku) ?? 0 }))
    .filter(({ requested, available }) => requested > available);
}
