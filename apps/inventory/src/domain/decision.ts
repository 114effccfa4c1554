import type { OrderLine } from './order-line.js';

/** Why nothing was held; `order-ended`: the order had ended before it was to be held. */
export type RejectionReason = 'insufficient' | 'unknown-sku' | 'order-ended';

/** A line that could not be held. */
export interface Shortage {
  readonly sku: string;
  readonly requested: number;
  /** Units that could have been promised at that moment; zero for an unknown SKU. */
  readonly available: number;
}

/** Every line is held; one line per SKU, sorted. */
export interface Held {
  readonly status: 'held';
  readonly lines: readonly OrderLine[];
}

/** Nothing is held; the shortages name every line that failed, and none of an order that had ended. */
export interface Rejected {
  readonly status: 'rejected';
  readonly reason: RejectionReason;
  readonly shortages: readonly Shortage[];
}

/** The one outcome of an order, made once and answered ever after. */
export type Decision = (Held | Rejected) & {
  readonly orderId: string;
  /** Event that the decision was made for. */
  readonly eventId: string;
  readonly decidedAt: Date;
};
