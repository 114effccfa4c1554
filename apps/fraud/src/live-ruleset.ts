import { createHash } from 'node:crypto';
import { rules } from './domain/rules.js';
import { Ruleset } from './domain/ruleset.js';
import { readThresholds } from './fraud.config.js';

/** SHA-256 of a text in hexadecimal: the identity of rule sets. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The rule set in force: the rules of the code with the thresholds of the environment (`ConfigError`). */
export function liveRuleset(environment?: NodeJS.ProcessEnv): Ruleset {
  return new Ruleset(rules, readThresholds(environment), sha256);
}
