import { leastOnHand, type StockLevel } from './stock-level.js';

/** What a count of the units on hand comes to. */
export type Recount =
  | {
      readonly accepted: true;
      readonly level: StockLevel;
      /** Units more (or less) than before. */ readonly change: number;
    }
  | { readonly accepted: false; /** Fewest units that cover what is reserved. */ readonly least: number };

/** Judges a new count of the units on hand: what is promised to orders must stay covered. */
export function recount(level: StockLevel, onHand: number): Recount {
  const least = leastOnHand(level);
  if (onHand < least) return { accepted: false, least };
  return { accepted: true, level: { ...level, onHand }, change: onHand - level.onHand };
}
