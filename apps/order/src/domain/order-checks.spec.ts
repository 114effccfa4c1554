import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checksAfter, hear, noChecks, type Checks, type Signal } from './order-checks.js';

const heard = (before: Partial<Checks>, signal: Signal) => hear({ ...noChecks, ...before }, signal);

describe('a check', () => {
  it.each<[Partial<Checks>, Signal, Partial<Checks>]>([
    [{}, 'fraud-approved', { fraud: 'approved' }],
    [{}, 'fraud-declined', { fraud: 'declined' }],
    [{}, 'fraud-in-review', { fraud: 'in-review' }],
    [{ fraud: 'in-review' }, 'review-approved', { fraud: 'approved' }],
    [{ fraud: 'in-review' }, 'review-declined', { fraud: 'declined' }],
    [{}, 'review-declined', { fraud: 'declined' }],
    [{}, 'stock-reserved', { inventory: 'reserved' }],
    [{}, 'stock-rejected', { inventory: 'rejected' }],
    [{ inventory: 'reserved' }, 'stock-released', { inventory: 'released' }],
    [{}, 'stock-released', { inventory: 'released' }],
  ])('at %j hears %s and moves', (before, signal, after) => {
    expect(heard(before, signal)).toEqual({ checks: { ...noChecks, ...after }, effect: 'counted' });
  });

  it.each<[Partial<Checks>, Signal, string]>([
    [{ fraud: 'approved' }, 'fraud-approved', 'repeated'],
    [{ fraud: 'approved' }, 'fraud-in-review', 'overtaken'],
    [{ fraud: 'declined' }, 'fraud-in-review', 'overtaken'],
    [{ inventory: 'released' }, 'stock-reserved', 'overtaken'],
    [{ fraud: 'approved' }, 'fraud-declined', 'contradicting'],
    [{ fraud: 'in-review' }, 'fraud-declined', 'contradicting'],
    [{ fraud: 'approved' }, 'review-declined', 'contradicting'],
    [{ inventory: 'rejected' }, 'stock-reserved', 'contradicting'],
    [{ inventory: 'reserved' }, 'stock-rejected', 'contradicting'],
    [{ inventory: 'rejected' }, 'stock-released', 'contradicting'],
  ])('at %j stays where it is when it hears %s, which is %s', (before, signal, effect) => {
    expect(heard(before, signal)).toEqual({ checks: { ...noChecks, ...before }, effect });
  });

  it('ends at the same place when a review is heard before the assessment that asked for it', () => {
    const inOrder = checksAfter(['fraud-in-review', 'review-approved']);
    expect(heard(checksAfter(['review-approved']), 'fraud-in-review').checks).toEqual(inOrder);
  });

  it('of one kind never moves the other', () => {
    const fraud = fc.constantFrom<Signal>('fraud-approved', 'fraud-in-review', 'review-declined');
    fc.assert(fc.property(fc.array(fraud), (signals) => expect(checksAfter(signals).inventory).toBe('open')));
  });
});
