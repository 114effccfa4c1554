import type { ListName } from '../inputs.js';
import type { KeyKind } from '../velocity/key-kind.js';
import type { OnMissing } from './rule.js';

/** Amounts in the minor unit, by ISO 4217 code. */
export type Amounts = Readonly<Record<string, number>>;

interface Common {
  readonly id: string;
  readonly description?: string;
  readonly score: number;
  readonly onMissing: OnMissing;
}

/** The total lies in a range of its currency; a currency without `from` is missing data. */
export interface AmountSpec extends Common {
  readonly when: 'amount';
  readonly from: Amounts;
  /** Where the range ends, this amount excluded. @default without end */
  readonly below?: Amounts;
}

/** More orders of the same key around the same time than the limit. */
export interface CountSpec extends Common {
  readonly when: 'count';
  readonly per: KeyKind;
  readonly withinMs: number;
  readonly limit: number;
}

/** The orders of the same key around the same time add up to more than the limit of their currency. */
export interface SumSpec extends Common {
  readonly when: 'sum';
  readonly per: KeyKind;
  readonly withinMs: number;
  readonly limits: Amounts;
}

/** More distinct cards of a customer, or customers of a card, an IP address or a device, than the limit. */
export interface DistinctSpec extends Common {
  readonly when: 'distinct';
  readonly per: KeyKind;
  readonly withinMs: number;
  readonly limit: number;
}

/** A large order after a small one of the same key: how a stolen card is tried. */
export interface SequenceSpec extends Common {
  readonly when: 'sequence';
  readonly per: KeyKind;
  /** Longest time between the two. */
  readonly withinMs: number;
  /** Largest total of the first order. */
  readonly small: Amounts;
  /** Smallest total of the second order. */
  readonly large: Amounts;
}

/** A key of the order is on a list: `deny` declines, `allow` approves unless `deny` declines. */
export interface ListedSpec extends Common {
  readonly when: 'listed';
  readonly list: ListName;
}

/** One rule as code and rule files state it. */
export type RuleSpec = AmountSpec | CountSpec | SumSpec | DistinctSpec | SequenceSpec | ListedSpec;

/** Lowest scores of the outcomes review and decline. */
export interface Bands {
  readonly review: number;
  readonly decline: number;
}

/** A rule set as code and rule files state it. */
export interface RulesetSpec {
  readonly name: string;
  readonly bands: Bands;
  readonly rules: readonly RuleSpec[];
}

/** Raised for a kind of rule whenever its meaning changes: a rule set's hash covers it, because it cannot cover code. */
export const RULE_VERSIONS: Readonly<Record<RuleSpec['when'], number>> = {
  amount: 1,
  count: 1,
  sum: 1,
  distinct: 1,
  sequence: 1,
  listed: 1,
};
