import type { Measures } from './velocity/batch-activity.js';

/** Lists that people keep by hand. */
export const listNames = ['allow', 'deny'] as const;

/** Lists that people keep by hand. */
export type ListName = (typeof listNames)[number];

/** What was found out about an order for its decision. */
export interface Facts {
  /** What each window held, by the window's name; one that could not be measured is left out. */
  readonly activity: Readonly<Record<string, Measures>>;
  /** Lists that hold a key of the order, as `<list>.<kind>`. */
  readonly lists: readonly string[];
}

/** Everything that the rules know of an order; stored with its decision, so without personal data. */
export interface Inputs extends Facts {
  readonly currency: string;
  /** Order total in the currency's minor unit. */
  readonly totalMinor: number;
  /** Event time of the order, RFC 3339. */
  readonly placedAt: string;
}
