import { ConfigError } from '@millrace/config';
import { describe, expect, it } from '@jest/globals';
import { readThresholds } from './fraud.config.js';

describe('readThresholds', () => {
  it('lets ten orders of a customer pass within an hour by default', () => {
    expect(readThresholds({})).toMatchObject({
      velocity: { limit: 10, windowMs: 3_600_000 },
      bands: { review: 300, decline: 700 },
    });
  });

  it('takes what the environment says', () => {
    const thresholds = readThresholds({ FRAUD_VELOCITY_LIMIT: '3', FRAUD_DECLINE_SCORE: '500' });
    expect(thresholds).toMatchObject({ velocity: { limit: 3 }, bands: { decline: 500 } });
  });

  it.each([
    [{ FRAUD_REVIEW_SCORE: '700' }, /FRAUD_REVIEW_SCORE/],
    [{ FRAUD_DECLINE_SCORE: '1001' }, /FRAUD_DECLINE_SCORE/],
    [{ FRAUD_VELOCITY_LIMIT: '1000' }, /FRAUD_VELOCITY_LIMIT/],
    [{ FRAUD_VELOCITY_LIMIT: 'many' }, /FRAUD_VELOCITY_LIMIT/],
  ])('refuses what contradicts or is malformed: %j', (environment, named) => {
    expect(() => readThresholds(environment)).toThrow(ConfigError);
    expect(() => readThresholds(environment)).toThrow(named);
  });
});
