/** Who has to say yes before an order is confirmed. */
export const checkNames = ['fraud', 'inventory'] as const;

/** One of the checks. */
export type CheckName = (typeof checkNames)[number];

/** What a service tells the order service about an order. */
export type Signal =
  | 'fraud-approved'
  | 'fraud-declined'
  | 'fraud-in-review'
  | 'review-approved'
  | 'review-declined'
  | 'stock-reserved'
  | 'stock-rejected'
  | 'stock-released';

/** Where a check stands; `open` until it is heard of. */
export type CheckState =
  'open' | 'in-review' | 'approved' | 'declined' | 'reserved' | 'rejected' | 'released';

/** What a signal did: `counted` moved its check, the others changed nothing and say why. */
export type SignalEffect =
  | 'counted'
  /** The check stood there already. */
  | 'repeated'
  /** A later word of the same check came first: topics keep no order among each other. */
  | 'overtaken'
  /** The check had said something else, and what was said first stands. */
  | 'contradicting'
  /** The order had ended, or its time was over. */
  | 'late'
  /** There is no such order here. */
  | 'unknown-order';

interface Rule {
  readonly check: CheckName;
  /** Where the check stands afterwards. */
  readonly to: CheckState;
  /** Where it may stand before. */
  readonly from: readonly CheckState[];
}

/** The guarded table: which signal moves which check from where to where. */
const RULES: Readonly<Record<Signal, Rule>> = {
  'fraud-approved': { check: 'fraud', from: ['open'], to: 'approved' },
  'fraud-declined': { check: 'fraud', from: ['open'], to: 'declined' },
  'fraud-in-review': { check: 'fraud', from: ['open'], to: 'in-review' },
  'review-approved': { check: 'fraud', from: ['open', 'in-review'], to: 'approved' },
  'review-declined': { check: 'fraud', from: ['open', 'in-review'], to: 'declined' },
  'stock-reserved': { check: 'inventory', from: ['open'], to: 'reserved' },
  'stock-rejected': { check: 'inventory', from: ['open'], to: 'rejected' },
  'stock-released': { check: 'inventory', from: ['open', 'reserved'], to: 'released' },
};

/** States that a later word of the same check leads to. */
const FOLLOWERS: Readonly<Partial<Record<CheckState, readonly CheckState[]>>> = {
  'in-review': ['approved', 'declined'],
  reserved: ['released'],
};

/** Every check's state. */
export type Checks = Readonly<Record<CheckName, CheckState>>;

/** Checks of an order that nobody has spoken of. */
export const noChecks: Checks = { fraud: 'open', inventory: 'open' };

/** What a signal makes of the checks of a pending order. */
export function hear(checks: Checks, signal: Signal): { checks: Checks; effect: SignalEffect } {
  const { check, from, to } = RULES[signal];
  const state = checks[check];
  if (from.includes(state)) return { checks: { ...checks, [check]: to }, effect: 'counted' };
  if (state === to) return { checks, effect: 'repeated' };
  return { checks, effect: FOLLOWERS[to]?.includes(state) ? 'overtaken' : 'contradicting' };
}

/** The checks after the signals that counted, in their order. */
export function checksAfter(counted: readonly Signal[]): Checks {
  return counted.reduce((checks, signal) => hear(checks, signal).checks, noChecks);
}
