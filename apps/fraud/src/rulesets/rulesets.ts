import type { Ruleset } from '../domain/ruleset.js';
import { distinctWindows, type ActivityWindow } from '../domain/velocity/activity-window.js';

/** The rule set whose word counts, and those that run beside it to be watched. */
export class Rulesets {
  /** Windows that one of them looks at. */
  readonly windows: readonly ActivityWindow[];

  constructor(
    readonly live: Ruleset,
    readonly shadows: readonly Ruleset[] = [],
  ) {
    this.windows = distinctWindows([live, ...shadows].flatMap(({ windows }) => windows));
  }
}
