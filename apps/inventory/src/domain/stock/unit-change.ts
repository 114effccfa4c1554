import { isLow, tellsLow, type WatchedLevel } from './low-stock.js';

/** Units of a SKU that come or go. */
export interface UnitChange {
  readonly sku: string;
  readonly onHand: number;
  readonly reserved: number;
}

/** What a SKU's row changes by, and whether its low stock is told from then on. */
export interface StockChange extends UnitChange {
  readonly lowTold: boolean;
}

/** What changes of units come to. */
export interface ChangedStock {
  /** One per SKU, sorted. */
  readonly changes: readonly StockChange[];
  /** Levels, as they are afterwards, that are to be told of as low. */
  readonly low: readonly WatchedLevel[];
}

/** Adds the changes up per SKU, on locked levels; every SKU must be among them. */
export function changeStock(levels: readonly WatchedLevel[], units: readonly UnitChange[]): ChangedStock {
  const after = new Map(levels.map((level) => [level.sku, level]));
  const sums = new Map<string, UnitChange>();
  for (const { sku, onHand, reserved } of units) {
    const level = after.get(sku);
    if (!level) throw new TypeError(`the stock of ${sku} is not locked`);
    after.set(sku, { ...level, onHand: level.onHand + onHand, reserved: level.reserved + reserved });
    const sum = sums.get(sku);
    sums.set(sku, { sku, onHand: (sum?.onHand ?? 0) + onHand, reserved: (sum?.reserved ?? 0) + reserved });
  }
  const changed = [...sums.values()]
    .toSorted((a, b) => (a.sku < b.sku ? -1 : 1))
    .flatMap((sum) => {
      const level = after.get(sum.sku);
      return level ? [{ sum, level }] : [];
    });
  return {
    changes: changed.map(({ sum, level }) => ({ ...sum, lowTold: isLow(level) })),
    low: changed.map(({ level }) => level).filter(tellsLow),
  };
}
