/** Everything that the rules know of an order; stored with its decision, so without personal data. */
export interface Inputs {
  readonly currency: string;
  /** Order total in the currency's minor unit. */
  readonly totalMinor: number;
  /** Event time of the order, RFC 3339. */
  readonly placedAt: string;
  /**
   * Orders of the same customer decided so far whose event time lies within the window before or after this
   * one's, itself included; counting stops at `MAX_COUNTED_ORDERS`. Unset when it could not be counted.
   */
  readonly customerOrders?: number;
}
