import type { Inputs } from '../inputs.js';
import type { ActivityWindow } from '../velocity/activity-window.js';

/** What a rule does when data that it needs is missing: fail open, ask a person, or fail closed. */
export const missingAnswers = ['ignore', 'review', 'decline'] as const;

/** What a rule does when data that it needs is missing. */
export type OnMissing = (typeof missingAnswers)[number];

/** How a rule looks at an order; made from its specification. */
export interface Predicate {
  /** Windows that must be measured for it. */
  readonly windows: readonly ActivityWindow[];
  /** Outcome that it settles alone when it fires. */
  readonly settles?: 'approve' | 'decline';
  /** Whether the order gives this reason; undefined when data is missing, never a guess. */
  fires(inputs: Inputs): boolean | undefined;
}

/** One typed, versioned reason to distrust an order, or to trust it. */
export interface Rule extends Predicate {
  /** Name of the rule in decisions and events: `<subject>.<what>`. */
  readonly id: string;
  /** Points that a hit adds, 0 to 1000. */
  readonly score: number;
  readonly onMissing: OnMissing;
}
