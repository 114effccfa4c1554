import type { WatchedLevel } from './low-stock.js';
import { leastOnHand, MOST_UNITS } from './stock-level.js';

/** What somebody sets of a SKU; what is left out stays as it is. */
export interface StockSettings {
  readonly onHand?: number;
  readonly backorderLimit?: number;
  readonly lowThreshold?: number | null;
}

/** What new settings come to. */
export type Recount<Level extends WatchedLevel = WatchedLevel> =
  | {
      readonly accepted: true;
      readonly level: Level;
      /** Units more (or less) on hand than before. */ readonly change: number;
    }
  | {
      readonly accepted: false;
      /** Fewest units that cover what is reserved. */ readonly least: number;
      /** Most units that a SKU may have. */ readonly most: number;
    };

/** Judges new settings of a SKU: what is promised to orders must stay covered. */
export function recount<Level extends WatchedLevel>(level: Level, settings: StockSettings): Recount<Level> {
  const after = { ...level, ...settings };
  const least = leastOnHand(after);
  if (after.onHand < least || after.onHand > MOST_UNITS) return { accepted: false, least, most: MOST_UNITS };
  return { accepted: true, level: after, change: after.onHand - level.onHand };
}
