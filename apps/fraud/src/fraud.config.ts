import { ConfigError, milliseconds, positiveInteger, readConfig } from '@millrace/config';
import { amountLimits, MAX_COUNTED_ORDERS, type Thresholds } from './domain/thresholds.js';

const variables = {
  FRAUD_VELOCITY_LIMIT: positiveInteger({
    default: 10,
    desc: 'orders of one customer within the window that pass',
  }),
  FRAUD_VELOCITY_WINDOW_MS: milliseconds({
    default: 3_600_000,
    desc: 'reach of the velocity window before and after an order, in milliseconds of event time',
  }),
  FRAUD_REVIEW_SCORE: positiveInteger({ default: 300, desc: 'score from which a person reviews an order' }),
  FRAUD_DECLINE_SCORE: positiveInteger({ default: 700, desc: 'score from which an order is declined' }),
};

/**
 * Reads the thresholds of the live rules; amounts per currency are part of the code.
 * Throws `ConfigError` naming what is malformed or contradicts.
 */
export function readThresholds(environment?: NodeJS.ProcessEnv): Thresholds {
  const config = readConfig(variables, environment);
  const problems: string[] = [];
  if (config.FRAUD_REVIEW_SCORE >= config.FRAUD_DECLINE_SCORE) {
    problems.push('FRAUD_REVIEW_SCORE: must be below FRAUD_DECLINE_SCORE');
  }
  if (config.FRAUD_DECLINE_SCORE > 1_000) problems.push('FRAUD_DECLINE_SCORE: must be at most 1000');
  if (config.FRAUD_VELOCITY_LIMIT >= MAX_COUNTED_ORDERS) {
    problems.push(`FRAUD_VELOCITY_LIMIT: must be below ${MAX_COUNTED_ORDERS}`);
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    amounts: amountLimits,
    velocity: { limit: config.FRAUD_VELOCITY_LIMIT, windowMs: config.FRAUD_VELOCITY_WINDOW_MS },
    bands: { review: config.FRAUD_REVIEW_SCORE, decline: config.FRAUD_DECLINE_SCORE },
  };
}
