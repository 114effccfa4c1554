import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BatchChecksum, type ChecksummedOrder } from './batch-checksum.js';

const order: fc.Arbitrary<ChecksummedOrder> = fc.record({
  orderId: fc.uuid(),
  currency: fc.constantFrom('EUR', 'USD', 'JPY'),
  totalMinor: fc.maxSafeNat(),
});
const orders = fc.uniqueArray(order, { selector: ({ orderId }) => orderId, maxLength: 40 });

describe('the checksum of a batch', () => {
  it('is that of its orders in whatever order they come and however they are divided', () => {
    fc.assert(
      fc.property(orders, fc.nat(40), fc.infiniteStream(fc.nat()), (all, cut, dice) => {
        const shuffled = all
          .map((one) => [dice.next().value, one] as const)
          .toSorted(([a], [b]) => a - b)
          .map(([, one]) => one);
        const parts = BatchChecksum.of(shuffled.slice(0, cut)).and(BatchChecksum.of(shuffled.slice(cut)));
        expect(parts).toEqual(BatchChecksum.of(all));
        expect(parts.orders).toBe(all.length);
      }),
    );
  });

  it('differs when an order is missing, comes twice or costs something else', () => {
    fc.assert(
      fc.property(orders, order, (all, one) => {
        const whole = BatchChecksum.of([...all, one]).text();
        expect(BatchChecksum.of(all).text()).not.toEqual(whole);
        expect(BatchChecksum.of([...all, one, one]).text()).not.toEqual(whole);
        const dearer = { ...one, totalMinor: one.totalMinor + 1 };
        expect(BatchChecksum.of([...all, dearer]).text()).not.toEqual(whole);
      }),
    );
  });

  it('can be computed by anybody from what its documentation says', () => {
    const one = { orderId: '01993F6E-8F2B-7C11-9A54-3D2F0C9A7B10', currency: 'EUR', totalMinor: 5_970 };
    const text = '01993f6e-8f2b-7c11-9a54-3d2f0c9a7b10|EUR|5970';
    const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
    expect(BatchChecksum.of([one]).text()).toEqual({ sum: hash, xor: hash });
    expect(BatchChecksum.empty.text()).toEqual({ sum: '0'.repeat(16), xor: '0'.repeat(16) });
  });
});
