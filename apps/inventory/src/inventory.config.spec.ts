import { ConfigError } from '@millrace/config';
import { describe, expect, it } from '@jest/globals';
import { readInventoryConfig } from './inventory.config.js';

describe('the time that a hold has', () => {
  it('outlives an order by default', () => {
    expect(readInventoryConfig({}).holdTtlMs).toBeGreaterThanOrEqual(900_000 + 86_400_000 + 600_000);
  });

  it.each([
    [{ INVENTORY_HOLD_TTL_MS: '87899999' }, /INVENTORY_HOLD_TTL_MS: must be at least 87900000/],
    [{ ORDER_REVIEW_DEADLINE_MS: '172800000' }, /must be at least 174300000/],
    [{ ORDER_DEADLINE_MS: '3600000' }, /must be at least 90600000/],
  ])('is refused when an order could outlive it: %j', (environment, message) => {
    expect(() => readInventoryConfig(environment)).toThrow(ConfigError);
    expect(() => readInventoryConfig(environment)).toThrow(message);
  });

  it('may be exactly as long as an order and ten minutes', () => {
    expect(readInventoryConfig({ INVENTORY_HOLD_TTL_MS: '87900000' }).holdTtlMs).toBe(87_900_000);
  });
});
