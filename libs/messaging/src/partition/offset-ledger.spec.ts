import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OffsetLedger } from './offset-ledger.js';

describe('OffsetLedger', () => {
  let ledger: OffsetLedger;

  beforeEach(() => {
    ledger = new OffsetLedger();
  });

  it('has nothing to commit before a fetch', () => {
    expect(ledger.position()).toBeUndefined();
  });

  it('has nothing to commit before something is terminal', () => {
    ledger.fetched(10n);
    ledger.fetched(11n);
    ledger.terminal(11n);
    expect(ledger.position()).toBeUndefined();
  });

  it('commits the lowest offset that is not terminal', () => {
    for (const offset of [10n, 11n, 12n, 13n]) ledger.fetched(offset);
    ledger.terminal(12n);
    ledger.terminal(10n);
    expect(ledger.position()).toBe(11n);
    ledger.terminal(11n);
    expect(ledger.position()).toBe(13n);
  });

  it('commits the end of what was fetched once all is terminal', () => {
    ledger.fetched(10n);
    ledger.terminal(10n);
    expect(ledger.position()).toBe(11n);
    expect(ledger.size).toBe(0);
  });

  it('counts control records that only the fetch covers', () => {
    ledger.fetched(10n);
    ledger.covered(12n);
    ledger.terminal(10n);
    expect(ledger.position()).toBe(13n);
  });

  it('drops what was fetched before', () => {
    expect(ledger.fetched(10n)).toBe(true);
    ledger.terminal(10n);
    expect(ledger.fetched(10n)).toBe(false);
    ledger.covered(10n);
    expect(ledger.position()).toBe(11n);
    expect(ledger.fetchedEnd).toBe(11n);
  });

  it('does not repeat a committed position and never goes back', () => {
    ledger.fetched(10n);
    ledger.fetched(11n);
    ledger.terminal(10n);
    ledger.commit(11n);
    expect(ledger.position()).toBeUndefined();
    ledger.commit(5n);
    expect(ledger.position()).toBeUndefined();
    ledger.terminal(11n);
    expect(ledger.position()).toBe(12n);
  });

  it('gives the lowest outstanding offset, monotone, in whatever order records end', () => {
    const orders = fc
      .uniqueArray(fc.bigInt({ min: 0n, max: 500n }), { minLength: 1, maxLength: 60 })
      .map((offsets) => offsets.toSorted((a, b) => (a < b ? -1 : 1)))
      .chain((offsets) =>
        fc.record({
          offsets: fc.constant(offsets),
          ending: fc.shuffledSubarray(offsets, { minLength: 0, maxLength: offsets.length }),
          committing: fc.array(fc.boolean(), { minLength: offsets.length, maxLength: offsets.length }),
        }),
      );
    fc.assert(
      fc.property(orders, ({ offsets, ending, committing }) => {
        const tried = new OffsetLedger();
        offsets.forEach((offset) => tried.fetched(offset));
        const open = new Set(offsets);
        let committed = offsets[0]!;
        ending.forEach((offset, step) => {
          tried.terminal(offset);
          open.delete(offset);
          const lowest = offsets.find((candidate) => open.has(candidate)) ?? offsets.at(-1)! + 1n;
          const position = tried.position();
          expect(position).toBe(lowest > committed ? lowest : undefined);
          if (position !== undefined && committing[step]) {
            tried.commit(position);
            committed = position;
          }
        });
        expect(tried.size).toBe(open.size);
      }),
    );
  });
});
