import { describe, expect, it } from '@jest/globals';
import { recount } from './recount.js';
import { availableOf } from './stock-level.js';

const level = {
  sku: 'MUG',
  onHand: 10,
  reserved: 6,
  backorderLimit: 0,
  lowThreshold: null,
  lowTold: false,
};

describe('recount', () => {
  it.each([
    { what: 'a delivery', level, onHand: 25, change: 15 },
    { what: 'the same count', level, onHand: 10, change: 0 },
    { what: 'exactly what is reserved', level, onHand: 6, change: -4 },
    {
      what: 'less than reserved within the backorder limit',
      level: { ...level, backorderLimit: 2 },
      onHand: 4,
      change: -6,
    },
    {
      what: 'nothing when the backorder limit covers all',
      level: { ...level, backorderLimit: 9 },
      onHand: 0,
      change: -10,
    },
  ])('accepts $what', ({ level: before, onHand, change }) => {
    expect(recount(before, { onHand })).toEqual({ accepted: true, change, level: { ...before, onHand } });
  });

  it.each([
    { what: 'without backorders', level, onHand: 5, least: 6 },
    { what: 'beyond the backorder limit', level: { ...level, backorderLimit: 2 }, onHand: 3, least: 4 },
  ])(
    'refuses a count that uncovers orders $what, and names the least',
    ({ level: before, onHand, least }) => {
      expect(recount(before, { onHand })).toEqual({ accepted: false, least, most: 1_000_000_000 });
    },
  );
});

describe('availableOf', () => {
  it('counts what is on hand and may be promised beyond, less what is reserved', () => {
    expect(availableOf(level)).toBe(4);
    expect(availableOf({ ...level, backorderLimit: 5 })).toBe(9);
  });

  it('is never negative', () => {
    expect(availableOf({ ...level, onHand: 1 })).toBe(0);
  });
});
