import { describe, expect, it } from '@jest/globals';
import { formatMoney } from './money.js';

describe('formatMoney', () => {
  it.each([
    [5_970, 'EUR', 'en', '€59.70'],
    [5_970, 'EUR', 'de', '59,70 €'],
    [5, 'USD', 'en', '$0.05'],
    [0, 'USD', 'en', '$0.00'],
    [1_234_567, 'JPY', 'en', '¥1,234,567'],
    [1_234, 'BHD', 'en', 'BHD 1.234'],
    [Number.MAX_SAFE_INTEGER, 'EUR', 'en', '€90,071,992,547,409.91'],
  ])('writes %d minor units of %s in %s as %s', (minor, currency, locale, text) => {
    expect(formatMoney(minor, currency, locale)).toBe(text);
  });
});
