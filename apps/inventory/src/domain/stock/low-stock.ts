import { InventoryLow } from '@millrace/contracts';
import type { OrderLine } from '../order-line.js';
import { availableOf, type StockLevel } from './stock-level.js';

/** Stock with the mark that somebody wants to be warned at. */
export interface WatchedLevel extends StockLevel {
  /** Available units at or below which stock is low; null when nobody asks. */
  readonly lowThreshold: number | null;
  /** Whether it was told that stock is low, and stock has not risen above the mark since. */
  readonly lowTold: boolean;
}

/** Whether so little can be promised that it is to be told. */
export function isLow(level: WatchedLevel): boolean {
  return level.lowThreshold !== null && availableOf(level) <= level.lowThreshold;
}

/** Whether a level is to be told of as low now, for the first time since it was above the mark. */
export function tellsLow(level: WatchedLevel): boolean {
  return isLow(level) && !level.lowTold;
}

/** The first of those who take units, in their order, that brought the stock down to its mark. */
export function firstToLower<Taker extends { readonly lines: readonly OrderLine[] }>(
  before: WatchedLevel,
  takers: readonly Taker[],
): Taker | undefined {
  let reserved = before.reserved;
  return takers.find(({ lines }) => {
    const taken = lines.find(({ sku }) => sku === before.sku);
    reserved += taken?.quantity ?? 0;
    return taken !== undefined && isLow({ ...before, reserved });
  });
}

/** The event that tells of low stock. */
export function lowEvent(
  level: WatchedLevel,
  at: Date,
): { readonly event: typeof InventoryLow; readonly data: InventoryLow } {
  const { sku, onHand, reserved, lowThreshold } = level;
  return {
    event: InventoryLow,
    data: {
      sku,
      available: availableOf(level),
      threshold: lowThreshold ?? 0,
      onHand,
      reserved,
      lowAt: at.toISOString(),
    },
  };
}
