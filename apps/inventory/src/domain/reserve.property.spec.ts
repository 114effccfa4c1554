import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { foldLines } from './order-line.js';
import { heldLines, reserve, type ReservationRequest } from './reserve.js';
import { availableOf, type StockLevel } from './stock/stock-level.js';

const SKUS = ['A', 'B', 'C', 'D'];
const now = new Date(0);

const levels = fc.array(fc.tuple(fc.nat(20), fc.nat(20), fc.nat(5)), { maxLength: 3 }).map((rows) =>
  rows.map(([free, reserved, backorderLimit], index): StockLevel => {
    const onHand = Math.max(0, reserved - backorderLimit) + free;
    return { sku: SKUS[index] ?? '', onHand, reserved, backorderLimit };
  }),
);

const lines = fc.array(
  fc.record({ sku: fc.constantFrom(...SKUS), quantity: fc.integer({ min: 1, max: 8 }) }),
  {
    minLength: 1,
    maxLength: 4,
  },
);

const requests = fc
  .array(fc.record({ orderId: fc.integer({ min: 1, max: 15 }).map(String), lines }), {
    maxLength: 30,
  })
  .map((orders) =>
    orders.map((order, index): ReservationRequest => ({ ...order, eventId: `event-${index}` })),
  );

/** The slowest right answer: one order after the other, each seeing the stock that the ones before left. */
function oneByOne(asked: readonly ReservationRequest[], stock: readonly StockLevel[]): string[] {
  const left = new Map(stock.map((level) => [level.sku, availableOf(level)]));
  const outcomes = new Map<string, string>();
  return asked.map(({ orderId, lines: wanted }) => {
    const known = outcomes.get(orderId);
    if (known) return known;
    const folded = foldLines(wanted);
    const covered = folded.every(({ sku, quantity }) => quantity <= (left.get(sku) ?? -1));
    if (covered) folded.forEach(({ sku, quantity }) => left.set(sku, (left.get(sku) ?? 0) - quantity));
    outcomes.set(orderId, covered ? 'held' : 'rejected');
    return covered ? 'held' : 'rejected';
  });
}

describe('reserve, for any batch and any stock', () => {
  it('never reserves more than is on hand and may be promised beyond', () => {
    fc.assert(
      fc.property(requests, levels, (asked, stock) => {
        const { taken } = reserve(asked, { levels: stock, decisions: [], now });
        return taken.every(({ sku, quantity }) => {
          const level = stock.find((candidate) => candidate.sku === sku);
          return level !== undefined && level.reserved + quantity <= level.onHand + level.backorderLimit;
        });
      }),
    );
  });

  it('holds all of an order or nothing, and takes exactly what it holds', () => {
    fc.assert(
      fc.property(requests, levels, (asked, stock) => {
        const { made, taken } = reserve(asked, { levels: stock, decisions: [], now });
        const whole = made.every((decision) => {
          const first = asked.find(({ orderId }) => orderId === decision.orderId);
          const wanted = JSON.stringify(foldLines(first?.lines ?? []));
          return decision.status === 'rejected' || JSON.stringify(decision.lines) === wanted;
        });
        return whole && JSON.stringify(taken) === JSON.stringify(foldLines(made.flatMap(heldLines)));
      }),
    );
  });

  it('decides as if each order came alone, in their order', () => {
    fc.assert(
      fc.property(requests, levels, (asked, stock) => {
        const { answers } = reserve(asked, { levels: stock, decisions: [], now });
        const statuses = answers.map(({ decision }) => decision.status);
        return JSON.stringify(statuses) === JSON.stringify(oneByOne(asked, stock));
      }),
    );
  });
});
