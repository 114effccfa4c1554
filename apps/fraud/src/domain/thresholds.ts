/** Amounts of one currency in its minor unit. */
export interface AmountLimits {
  /** From here an amount is high. */
  readonly high: number;
  /** From here an amount is very high. */
  readonly veryHigh: number;
}

/** Every number that the rules compare with; part of the rule set's hash. */
export interface Thresholds {
  /** Limits per ISO 4217 code; an order in another currency has no limits. */
  readonly amounts: Readonly<Record<string, AmountLimits>>;
  readonly velocity: {
    /** Orders of one customer within the window that pass, this one included. */
    readonly limit: number;
    /** Reach of the window before and after an order, in milliseconds of event time. */
    readonly windowMs: number;
  };
  /** Lowest scores of the outcomes review and decline. */
  readonly bands: { readonly review: number; readonly decline: number };
}

/** Orders of a customer are counted up to here: beyond, only `many` matters, and a hot customer stays cheap. */
export const MAX_COUNTED_ORDERS = 1_000;

/** Amount limits of the live rules, about 1,000 and 10,000 euros each. */
export const amountLimits: Thresholds['amounts'] = {
  AUD: { high: 170_000, veryHigh: 1_700_000 },
  CAD: { high: 160_000, veryHigh: 1_600_000 },
  CHF: { high: 100_000, veryHigh: 1_000_000 },
  CZK: { high: 2_500_000, veryHigh: 25_000_000 },
  DKK: { high: 750_000, veryHigh: 7_500_000 },
  EUR: { high: 100_000, veryHigh: 1_000_000 },
  GBP: { high: 90_000, veryHigh: 900_000 },
  JPY: { high: 160_000, veryHigh: 1_600_000 },
  NOK: { high: 1_150_000, veryHigh: 11_500_000 },
  PLN: { high: 430_000, veryHigh: 4_300_000 },
  SEK: { high: 1_150_000, veryHigh: 11_500_000 },
  USD: { high: 110_000, veryHigh: 1_100_000 },
};
