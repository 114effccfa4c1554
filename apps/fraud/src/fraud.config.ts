import { ConfigError, milliseconds, positiveInteger, readConfig, text } from '@millrace/config';
import type { Thresholds } from './domain/rules/default-rules.js';
import { WINDOW_MS } from './domain/velocity/activity-window.js';

/** Variables of the code's rules. */
export const thresholdVariables = {
  FRAUD_VELOCITY_LIMIT: positiveInteger({
    default: 10,
    desc: 'orders of one customer, card or device within the window that pass',
  }),
  FRAUD_VELOCITY_IP_LIMIT: positiveInteger({
    default: 100,
    desc: 'orders from one IP address within the window that pass',
  }),
  FRAUD_VELOCITY_WINDOW_MS: milliseconds({
    default: 3_600_000,
    desc: 'reach of the velocity window before and after an order, in milliseconds of event time',
  }),
  FRAUD_REVIEW_SCORE: positiveInteger({ default: 300, desc: 'score from which a person reviews an order' }),
  FRAUD_DECLINE_SCORE: positiveInteger({ default: 700, desc: 'score from which an order is declined' }),
};

/** Characters below which a secret can be guessed. */
const LEAST_SECRET = 16;

/**
 * Reads the thresholds of the code's rules; amounts per currency are part of the code.
 * Throws `ConfigError` naming what is malformed or contradicts.
 */
export function readThresholds(environment?: NodeJS.ProcessEnv): Thresholds {
  const config = readConfig(thresholdVariables, environment);
  const windowMs = config.FRAUD_VELOCITY_WINDOW_MS;
  const problems: string[] = [];
  if (config.FRAUD_REVIEW_SCORE >= config.FRAUD_DECLINE_SCORE) {
    problems.push('FRAUD_REVIEW_SCORE: must be below FRAUD_DECLINE_SCORE');
  }
  if (config.FRAUD_DECLINE_SCORE > 1_000) problems.push('FRAUD_DECLINE_SCORE: must be at most 1000');
  if (windowMs < WINDOW_MS.least || windowMs > WINDOW_MS.most) {
    problems.push(`FRAUD_VELOCITY_WINDOW_MS: must be from ${WINDOW_MS.least} to ${WINDOW_MS.most}`);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    velocity: {
      limit: config.FRAUD_VELOCITY_LIMIT,
      ipLimit: config.FRAUD_VELOCITY_IP_LIMIT,
      windowMs,
    },
    bands: { review: config.FRAUD_REVIEW_SCORE, decline: config.FRAUD_DECLINE_SCORE },
  };
}

/** Variables that name rule files. */
export const rulesetVariables = {
  FRAUD_RULESET_FILE: text({ default: '', desc: 'JSON file of the live rule set, instead of the code' }),
  FRAUD_SHADOW_RULESET_FILE: text({ default: '', desc: 'JSON file of a rule set that runs beside it' }),
};

/** Variables that hold secrets. */
export const secretVariables = {
  FRAUD_KEY_SECRET: text({
    desc: 'secret that customers, cards and IPs are hashed with, the same for all processes',
    example: 'the output of openssl rand -base64 32',
  }),
};

/** Files of rule sets; unset where the environment names none. */
export interface RulesetFiles {
  readonly live?: string;
  readonly shadow?: string;
}

/** Reads which rule files there are. */
export function readRulesetFiles(environment?: NodeJS.ProcessEnv): RulesetFiles {
  const { FRAUD_RULESET_FILE: live, FRAUD_SHADOW_RULESET_FILE: shadow } = readConfig(
    rulesetVariables,
    environment,
  );
  return { ...(live === '' ? {} : { live }), ...(shadow === '' ? {} : { shadow }) };
}

/** Reads the secret that keys are hashed with: every process needs the same, and a new one forgets all activity. */
export function readKeySecret(environment?: NodeJS.ProcessEnv): string {
  const { FRAUD_KEY_SECRET: secret } = readConfig(secretVariables, environment);
  if (secret.length >= LEAST_SECRET) return secret;
  throw new ConfigError([`FRAUD_KEY_SECRET: must have at least ${LEAST_SECRET} characters`]);
}
