import { ConfigError } from '@millrace/config';
import { describe, expect, it } from '@jest/globals';
import { readKeySecret, readRulesetFiles, readThresholds } from './fraud.config.js';

describe('readThresholds', () => {
  it('lets ten orders of a customer pass within an hour by default', () => {
    expect(readThresholds({})).toEqual({
      velocity: { limit: 10, ipLimit: 100, windowMs: 3_600_000 },
      bands: { review: 300, decline: 700 },
    });
  });

  it('takes what the environment says', () => {
    const environment = {
      FRAUD_VELOCITY_LIMIT: '3000',
      FRAUD_DECLINE_SCORE: '500',
      FRAUD_VELOCITY_IP_LIMIT: '7',
    };
    expect(readThresholds(environment)).toMatchObject({
      velocity: { limit: 3_000, ipLimit: 7 },
      bands: { decline: 500 },
    });
  });

  it.each([
    [{ FRAUD_REVIEW_SCORE: '700' }, /FRAUD_REVIEW_SCORE/],
    [{ FRAUD_DECLINE_SCORE: '1001' }, /FRAUD_DECLINE_SCORE/],
    [{ FRAUD_VELOCITY_WINDOW_MS: '59999' }, /FRAUD_VELOCITY_WINDOW_MS/],
    [{ FRAUD_VELOCITY_LIMIT: 'many' }, /FRAUD_VELOCITY_LIMIT/],
  ])('refuses what contradicts or is malformed: %j', (environment, named) => {
    expect(() => readThresholds(environment)).toThrow(ConfigError);
    expect(() => readThresholds(environment)).toThrow(named);
  });
});

describe('readRulesetFiles', () => {
  it('names the files that there are', () => {
    expect(readRulesetFiles({})).toEqual({});
    expect(readRulesetFiles({ FRAUD_SHADOW_RULESET_FILE: 'b.json' })).toEqual({ shadow: 'b.json' });
  });
});

describe('readKeySecret', () => {
  it('has no default and refuses what can be guessed', () => {
    expect(readKeySecret({ FRAUD_KEY_SECRET: 'long enough to hash' })).toBe('long enough to hash');
    expect(() => readKeySecret({})).toThrow(/FRAUD_KEY_SECRET: is not set/);
    expect(() => readKeySecret({ FRAUD_KEY_SECRET: 'millrace' })).toThrow(/at least 16 characters/);
  });
});
