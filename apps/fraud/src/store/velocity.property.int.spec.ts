import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FraudBench, NOON, order, type Order } from '../fraud-bench.fixture.js';
import type { RulesetSpec } from '../domain/rules/rule-spec.js';
import { Ruleset } from '../domain/ruleset.js';
import { Rulesets } from '../rulesets/rulesets.js';
import { sha256 } from '../rulesets/sha256.js';

const REACH = 90_000;
const BEFORE = 150_000;

const spec: RulesetSpec = {
  name: 'all measures',
  bands: { review: 300, decline: 700 },
  rules: [
    { id: 'a.a', when: 'distinct', per: 'card', withinMs: REACH, limit: 5, score: 1, onMissing: 'ignore' },
    { id: 'b.b', when: 'count', per: 'customer', withinMs: REACH, limit: 5, score: 1, onMissing: 'ignore' },
    {
      ...{ id: 'c.c', when: 'sequence', per: 'customer', withinMs: BEFORE, score: 1, onMissing: 'ignore' },
      ...{ small: { EUR: 1 }, large: { EUR: 2 } },
    },
  ],
};

const rulesets = new Rulesets(new Ruleset(spec, sha256));

let bench: FraudBench;
beforeAll(async () => {
  bench = await FraudBench.create(stack.postgres, rulesets);
});
afterAll(() => bench.database.drop());

/** Times lie around the ends of windows and minutes, where a mistake would show. */
const moment = fc.oneof(
  fc.integer({ min: -240_000, max: 240_000 }),
  fc.constantFrom(-150_000, -90_000, -60_000, -30_000, -1, 0, 1, 29_999, 30_000, 60_000, 90_000, 90_001),
);

const someOrder = fc.record({
  customer: fc.constantFrom('a', 'b', 'c'),
  card: fc.constantFrom('x', 'y', undefined),
  currency: fc.constantFrom('EUR', 'USD'),
  totalMinor: fc.integer({ min: 0, max: 1_000 }),
  afterNoon: moment,
});

type SomeOrder = typeof someOrder extends fc.Arbitrary<infer One> ? One : never;

function event({ customer, card, currency, totalMinor, afterNoon }: SomeOrder): Order {
  return order(customer, {
    currency,
    totalMinor,
    placedAt: new Date(NOON + afterNoon).toISOString(),
    ...(card === undefined ? {} : { payment: { cardFingerprint: card } }),
  });
}

/** What the windows hold, by looking at every order that was decided before. */
function naively(self: SomeOrder, before: readonly SomeOrder[]): object {
  const window = (
    same: (one: SomeOrder) => boolean,
    [back, ahead]: [number, number],
    other: 'customer' | 'card',
  ) => {
    const earlier = before.filter((one) => {
      const distance = one.afterNoon - self.afterNoon;
      return same(one) && distance >= -back && distance <= ahead;
    });
    const totals = earlier
      .filter(({ currency }) => currency === self.currency)
      .map(({ totalMinor }) => totalMinor);
    const others = new Set([...earlier, self].flatMap((one) => one[other] ?? [])).size;
    return {
      orders: earlier.length + 1,
      sumMinor: String(totals.reduce((sum, one) => sum + one, self.totalMinor)),
      ...(self[other] === undefined ? {} : { others }),
      ...(totals.length === 0 ? {} : { leastMinor: Math.min(...totals) }),
    };
  };
  const sameCustomer = (one: SomeOrder) => one.customer === self.customer;
  return {
    'customer.90s': window(sameCustomer, [REACH, REACH], 'card'),
    'customer.150s.before': window(sameCustomer, [BEFORE, 0], 'card'),
    ...(self.card === undefined
      ? {}
      : { 'card.90s': window((one) => one.card === self.card, [REACH, REACH], 'customer') }),
  };
}

describe('the windows of velocity', () => {
  it('hold what a look at every earlier order finds, however orders fall into minutes and batches', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(someOrder, { minLength: 1, maxLength: 6 }), { maxLength: 8 }),
        async (batches) => {
          await bench.clear();
          for (const batch of batches) await bench.handle(batch.map(event));
          const found = await bench.rows<{ activity: object }>(
            `SELECT inputs -> 'activity' AS activity FROM assessment ORDER BY decision`,
          );
          const all = batches.flat();
          const expected = all.map((self, index) => naively(self, all.slice(0, index)));
          expect(found.map(({ activity }) => activity)).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });
});
