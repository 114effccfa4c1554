import type { Amounts, Bands, RulesetSpec, RuleSpec } from './rule-spec.js';

/** What the environment decides of the rules of the code. */
export interface Thresholds {
  readonly velocity: {
    /** Orders of one customer, card or device within the window that pass. */
    readonly limit: number;
    /** The same for an IP address, which many people may share. */
    readonly ipLimit: number;
    /** Reach of the window before and after an order, in milliseconds of event time. */
    readonly windowMs: number;
  };
  readonly bands: Bands;
}

/** Totals that are high, about 1,000 euros each; ten times as much is very high. */
const HIGH: Amounts = {
  AUD: 170_000,
  CAD: 160_000,
  CHF: 100_000,
  CZK: 2_500_000,
  DKK: 750_000,
  EUR: 100_000,
  GBP: 90_000,
  JPY: 160_000,
  NOK: 1_150_000,
  PLN: 430_000,
  SEK: 1_150_000,
  USD: 110_000,
};

const VERY_HIGH = scaled(10);
/** What a card is tried with, about 5 euros. */
const TRIED = scaled(1 / 200);
/** What is bought once it works, about 500 euros. */
const BOUGHT = scaled(1 / 2);
const TRIED_WITHIN_MS = 600_000;

/** The rule set of the code, in the order in which hits are told. */
export function defaultRuleset({ velocity, bands }: Thresholds): RulesetSpec {
  return { name: 'default', bands, rules: [...listRules, ...amountRules, ...velocityRules(velocity)] };
}

const listRules: readonly RuleSpec[] = [
  { id: 'list.deny', when: 'listed', list: 'deny', score: 1_000, onMissing: 'ignore' },
  { id: 'list.allow', when: 'listed', list: 'allow', score: 0, onMissing: 'ignore' },
];

const amountRules: readonly RuleSpec[] = [
  { id: 'amount.high', when: 'amount', from: HIGH, below: VERY_HIGH, score: 300, onMissing: 'review' },
  // amount.high asks for a review already when a currency has no limits.
  { id: 'amount.very-high', when: 'amount', from: VERY_HIGH, score: 700, onMissing: 'ignore' },
];

/** Card, IP address and device are told by choice: nobody is suspected for leaving them out. */
function velocityRules({ limit, ipLimit, windowMs: withinMs }: Thresholds['velocity']): RuleSpec[] {
  const optional = { withinMs, onMissing: 'ignore' } as const;
  const count = { ...optional, when: 'count' } as const;
  const distinct = { ...optional, when: 'distinct' } as const;
  return [
    { ...count, id: 'customer.velocity', per: 'customer', limit, score: 700, onMissing: 'review' },
    { ...optional, id: 'customer.spend', when: 'sum', per: 'customer', limits: VERY_HIGH, score: 300 },
    { ...distinct, id: 'customer.cards', per: 'customer', limit: 3, score: 300 },
    { ...count, id: 'card.velocity', per: 'card', limit, score: 700 },
    { ...distinct, id: 'card.customers', per: 'card', limit: 3, score: 400 },
    {
      id: 'card.tried',
      when: 'sequence',
      per: 'card',
      withinMs: TRIED_WITHIN_MS,
      small: TRIED,
      large: BOUGHT,
      score: 400,
      onMissing: 'ignore',
    },
    { ...count, id: 'ip.velocity', per: 'ip', limit: ipLimit, score: 400 },
    { ...count, id: 'device.velocity', per: 'device', limit, score: 700 },
    { ...distinct, id: 'device.customers', per: 'device', limit: 3, score: 300 },
  ];
}

function scaled(factor: number): Amounts {
  return Object.fromEntries(
    Object.entries(HIGH).map(([currency, high]) => [currency, Math.round(high * factor)]),
  );
}
