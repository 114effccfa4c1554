import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newOrder, type Order } from '../../apps/order/src/domain/order.js';
import { CHECKS_MS, MARGIN_MS, REVIEW_MS, SagaWorld, type Step } from './saga-world.js';

const ENDS = ['order.confirmed', 'order.rejected', 'order.cancelled', 'order.expired'];

/** Totals that the rules approve, leave to a person, and decline. */
const PRICES = [500, 100_000, 1_000_000];

const orderArbitrary = (number: number): fc.Arbitrary<Order> =>
  fc
    .record({
      sku: fc.constantFrom('MUG', 'TEE'),
      quantity: fc.integer({ min: 1, max: 3 }),
      price: fc.constantFrom(...PRICES),
    })
    .map(({ sku, quantity, price }) => {
      const line = { sku, quantity, unitPriceMinor: Math.ceil(price / quantity) };
      const request = { customerId: 'c', region: 'eu-west', currency: 'EUR', lines: [line] };
      const id = `00000000-0000-7000-8000-00000000000${number}`;
      return newOrder(request, { id, placedAt: new Date(0) });
    });

const order = fc.nat(3);
const fate = fc.oneof(
  { weight: 4, arbitrary: fc.constant('commits' as const) },
  { weight: 1, arbitrary: fc.constantFrom('repeats', 'crashes') },
);
const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ what: fc.constant('place'), order }) },
  {
    weight: 24,
    arbitrary: fc.record({
      what: fc.constant('deliver'),
      partition: fc.nat(40),
      count: fc.integer({ min: 1, max: 3 }),
      fate,
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('tell-again'), order }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constantFrom('cancel', 'ship', 'ship'), order, fate }) },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('review'),
      order,
      outcome: fc.constantFrom('approve', 'decline'),
      fate,
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constantFrom('sweep-orders', 'sweep-holds'), fate }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('pass'),
      ms: fc.constantFrom(1_000, MARGIN_MS, CHECKS_MS, REVIEW_MS),
    }),
  },
);

const lives = fc.record({
  orders: fc.tuple(orderArbitrary(0), orderArbitrary(1), orderArbitrary(2), orderArbitrary(3)),
  onHand: fc.nat(5),
  steps: fc.array(stepArbitrary, { minLength: 1, maxLength: 120, size: 'max' }),
});

/** What an order must have come to; how often each event was told. */
function expectSettled(world: SagaWorld, orderId: string, status: string): void {
  const told = world.log.of(orderId).map(({ topic }) => topic);
  const times = (...topics: readonly string[]) => told.filter((topic) => topics.includes(topic)).length;
  const hold = world.inventory.status(orderId);
  const answers = times('order.created');

  expect(times(...ENDS)).toBe(1);
  expect(times(`order.${status}`)).toBe(1);
  expect(times('fraud.assessed')).toBe(answers);
  expect(times('fraud.reviewed')).toBeLessThanOrEqual(1);
  expect([times('inventory.reserved'), times('inventory.rejected')]).toEqual(
    hold === 'rejected' ? [0, answers] : [answers, 0],
  );
  expect(times('inventory.released')).toBe(hold === 'released' ? 1 : 0);

  expect(status === 'confirmed' ? ['confirmed', 'shipped'] : ['released', 'rejected']).toContain(hold);
  expect(status !== 'confirmed' || world.fraud.approved(orderId)).toBe(true);
  expect(world.fraud.open()).not.toContain(orderId);
}

describe('the saga of order, fraud and inventory', () => {
  it('settles every order once and keeps the stock of those alone that are confirmed, in any interleaving', () => {
    const ends = new Set<string>();
    fc.assert(
      fc.property(lives, ({ orders, onHand, steps }) => {
        const world = new SagaWorld(orders, onHand);
        for (const step of steps) {
          world.perform(step);
          expect(world.inventory.differing()).toEqual([]);
        }
        world.settle();
        expect(world.inventory.differing()).toEqual([]);
        for (const [orderId, status] of world.order.statuses()) {
          expectSettled(world, orderId, status);
          ends.add(`${status}, stock ${world.inventory.status(orderId)}`);
        }
        // An order that has ended needs no time to free its stock, and no time takes a confirmed one's away.
        const before = world.state();
        world.outliveHolds();
        expect(world.state()).toEqual(before);
      }),
      { numRuns: 500 },
    );
    // Nothing was proven about an end that no interleaving came to.
    expect([...ends].toSorted()).toEqual([
      'cancelled, stock rejected',
      'cancelled, stock released',
      'confirmed, stock confirmed',
      'confirmed, stock shipped',
      'expired, stock rejected',
      'expired, stock released',
      'rejected, stock rejected',
      'rejected, stock released',
    ]);
  });
});
