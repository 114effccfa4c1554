import { defaultRuleset } from '../domain/rules/default-rules.js';
import { Ruleset } from '../domain/ruleset.js';
import { readRulesetFiles, readThresholds } from '../fraud.config.js';
import { readRulesetFile } from './ruleset-file.js';
import { Rulesets } from './rulesets.js';
import { sha256 } from './sha256.js';

/**
 * The rule set in force: that of the file that the environment names, or the rules of the code with the thresholds of
 * the environment (`ConfigError`).
 */
export function liveRuleset(environment?: NodeJS.ProcessEnv): Ruleset {
  const { live } = readRulesetFiles(environment);
  const spec =
    live === undefined
      ? defaultRuleset(readThresholds(environment))
      : readRulesetFile(live, 'FRAUD_RULESET_FILE');
  return new Ruleset(spec, sha256);
}

/** The rule set in force and the one that runs in its shadow, when there is one (`ConfigError`). */
export function readRulesets(environment?: NodeJS.ProcessEnv): Rulesets {
  const { shadow } = readRulesetFiles(environment);
  const shadows =
    shadow === undefined ? [] : [new Ruleset(readRulesetFile(shadow, 'FRAUD_SHADOW_RULESET_FILE'), sha256)];
  return new Rulesets(liveRuleset(environment), shadows);
}
