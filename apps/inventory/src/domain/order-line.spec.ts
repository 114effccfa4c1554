import { describe, expect, it } from '@jest/globals';
import { foldLines } from './order-line.js';

describe('foldLines', () => {
  it('makes one line per SKU, sorted, with all its units', () => {
    const lines = [
      { sku: 'TEE-M', quantity: 1 },
      { sku: 'MUG', quantity: 2 },
      { sku: 'TEE-M', quantity: 3 },
    ];
    expect(foldLines(lines)).toEqual([
      { sku: 'MUG', quantity: 2 },
      { sku: 'TEE-M', quantity: 4 },
    ]);
  });

  it('sorts bytewise, as the locks are taken', () => {
    const skus = ['b', 'A', 'a', 'B', '_'].map((sku) => ({ sku, quantity: 1 }));
    expect(foldLines(skus).map((line) => line.sku)).toEqual(['A', 'B', '_', 'a', 'b']);
  });
});
