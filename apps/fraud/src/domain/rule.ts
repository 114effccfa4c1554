import type { Inputs } from './inputs.js';
import type { Thresholds } from './thresholds.js';

/** What a rule does when data that it needs is missing: fail open, ask a person, or fail closed. */
export type OnMissing = 'ignore' | 'review' | 'decline';

/** One typed, versioned reason to distrust an order. */
export interface Rule {
  /** Name of the rule in decisions and events: `<subject>.<what>`. */
  readonly id: string;
  /** Raised whenever `fires` changes its meaning: the rule set's hash covers it, not the code. */
  readonly version: number;
  readonly description: string;
  /** Points that a hit adds, 1 to 1000. */
  readonly score: number;
  readonly onMissing: OnMissing;
  /** Whether the order gives this reason; undefined when data is missing, never a guess. */
  fires(inputs: Inputs, thresholds: Thresholds): boolean | undefined;
}
