import { assertProducible } from '@millrace/contracts';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { firstToLower, isLow, lowEvent, tellsLow, type WatchedLevel } from './low-stock.js';
import { changeStock } from './unit-change.js';

const level: WatchedLevel = {
  sku: 'MUG',
  onHand: 10,
  reserved: 0,
  backorderLimit: 0,
  lowThreshold: 3,
  lowTold: false,
};

const take = (quantity: number) => ({ sku: 'MUG', onHand: 0, reserved: quantity });

describe('low stock', () => {
  it('is told when what is available falls to the threshold, and not above it', () => {
    expect(changeStock([level], [take(6)]).low).toEqual([]);
    expect(changeStock([level], [take(7)]).low).toMatchObject([{ sku: 'MUG', reserved: 7 }]);
  });

  it('is not told again until it has risen above the threshold', () => {
    const told = { ...level, reserved: 7, lowTold: true };
    expect(changeStock([told], [take(1)])).toMatchObject({ low: [], changes: [{ lowTold: true }] });
    expect(changeStock([told], [take(-1)])).toMatchObject({ low: [], changes: [{ lowTold: false }] });
  });

  it('is nothing to a SKU without a threshold', () => {
    expect(isLow({ ...level, lowThreshold: null, onHand: 0 })).toBe(false);
    expect(isLow({ ...level, lowThreshold: 0, onHand: 0 })).toBe(true);
  });

  it('is the doing of the first order that reached the threshold', () => {
    const takers = [5, 2, 1].map((quantity) => ({ lines: [{ sku: 'MUG', quantity }] }));
    const others = { lines: [{ sku: 'TEE', quantity: 9 }] };
    expect(firstToLower(level, [others, ...takers])).toBe(takers[1]);
    expect(firstToLower(level, takers.slice(0, 1))).toBeUndefined();
  });

  it('satisfies its contract', () => {
    const { event, data } = lowEvent({ ...level, reserved: 8 }, new Date(0));
    expect(() => assertProducible(event, data)).not.toThrow();
    expect(data).toMatchObject({ sku: 'MUG', available: 2, threshold: 3, onHand: 10, reserved: 8 });
  });

  it('is told once for each fall, however the units come and go', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -4, max: 4 }), { maxLength: 40 }),
        fc.nat(9),
        (moves, threshold) => {
          let now: WatchedLevel = { ...level, lowThreshold: threshold };
          let falls = 0;
          let told = 0;
          for (const quantity of moves) {
            const reserved = Math.min(10, Math.max(0, now.reserved + quantity));
            const moved = take(reserved - now.reserved);
            const { low, changes } = changeStock([now], [moved]);
            const wasLow = isLow(now);
            const lowTold = changes[0]?.lowTold ?? now.lowTold;
            now = { ...level, lowThreshold: threshold, reserved, lowTold };
            falls += !wasLow && isLow(now) ? 1 : 0;
            told += low.length;
            expect(tellsLow(now)).toBe(false);
          }
          expect(told).toBe(falls);
        },
      ),
    );
  });
});

describe('changes of stock', () => {
  it('add up per SKU, sorted, and need its lock', () => {
    const tee = { ...level, sku: 'TEE' };
    const units = [{ ...take(1), sku: 'TEE' }, take(2), { sku: 'TEE', onHand: -1, reserved: -1 }];
    expect(changeStock([tee, level], units).changes).toEqual([
      { sku: 'MUG', onHand: 0, reserved: 2, lowTold: false },
      { sku: 'TEE', onHand: -1, reserved: 0, lowTold: false },
    ]);
    expect(() => changeStock([level], units)).toThrow('TEE is not locked');
  });
});
