import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fingerprintOf } from './fingerprint.js';

/** The same value with the fields of every object in the opposite order. */
function turnedRound(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turnedRound);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, field]) => [name, turnedRound(field)]),
  );
}

describe('the fingerprint of a body', () => {
  it('does not depend on the order of fields', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(fingerprintOf(turnedRound(value))).toEqual(fingerprintOf(value));
      }),
    );
  });

  it.each([
    ['a value', { a: 1 }, { a: 2 }],
    ['a name', { a: 1 }, { b: 1 }],
    ['the order of a list', [1, 2], [2, 1]],
    ['text that looks like a number', { a: '1' }, { a: 1 }],
    ['a field more', { a: 1 }, { a: 1, b: null }],
    ['where text ends', { a: 'x","b":"y' }, { a: 'x', b: 'y' }],
  ])('depends on %s', (_what, one, other) => {
    expect(fingerprintOf(one)).not.toEqual(fingerprintOf(other));
  });
});
