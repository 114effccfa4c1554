import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FraudBench, NOON, order, placed, type Order } from '../fraud-bench.fixture.js';
import type { RulesetSpec } from '../domain/rules/rule-spec.js';
import { Ruleset } from '../domain/ruleset.js';
import type { KeyKind } from '../domain/velocity/key-kind.js';
import { Rulesets } from '../rulesets/rulesets.js';
import { sha256 } from '../rulesets/sha256.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;

/** Counts one kind of key; the eleventh order is declined. */
function limited(per: KeyKind): Rulesets {
  const spec: RulesetSpec = {
    name: per,
    bands: { review: 300, decline: 700 },
    rules: [
      {
        id: 'some.velocity',
        when: 'count',
        per,
        withinMs: HOUR,
        limit: 10,
        score: 700,
        onMissing: 'decline',
      },
    ],
  };
  return new Rulesets(new Ruleset(spec, sha256));
}

/** The data by which an order of somebody has that key. */
function keyed(per: KeyKind, key: string): Partial<Order['data']> {
  if (per === 'customer') return { customerId: key };
  if (per === 'card') return { payment: { cardFingerprint: key } };
  return { client: per === 'ip' ? { ip: key } : { deviceId: key } };
}

const repeated = <Value>(times: number, value: Value): Value[] => Array.from({ length: times }, () => value);

let bench: FraudBench;

beforeAll(async () => {
  bench = await FraudBench.create(stack.postgres);
});
afterAll(() => bench.database.drop());
beforeEach(() => bench.clear());

async function measures(asked: Order, window = 'customer.1h') {
  const found = await bench.assessments.find(asked.data.orderId);
  return found?.inputs.activity[window];
}

describe('velocity', () => {
  it('lets exactly the first ten orders of a customer in a batch pass', async () => {
    const orders = repeated(25, 'c-1').map((customer) => order(customer));
    await bench.handle(orders);
    expect(await bench.outcomes(orders)).toEqual([...repeated(10, 'approve'), ...repeated(15, 'decline')]);
  });

  it('counts on from batch to batch, each customer alone', async () => {
    const orders = repeated(12, 'c-1').map((customer) => order(customer));
    await bench.handle(orders.slice(0, 6));
    await bench.handle([...orders.slice(6), order('c-2')]);
    expect(await bench.outcomes(orders)).toEqual([...repeated(10, 'approve'), ...repeated(2, 'decline')]);
  });

  it('looks at event time on both sides, as far as the window and no further', async () => {
    const around = [-HOUR - 1, -HOUR, -1, 0, 1, HOUR, HOUR + 1].map((offset) => placed('c-1', offset));
    await bench.handle(around);
    const last = placed('c-1', 0);
    await bench.handle([last]);
    expect(await measures(last)).toMatchObject({ orders: 6 });
  });

  it('counts orders of a later event time when they were decided before', async () => {
    await bench.handle(repeated(10, 'c-1').map((customer) => placed(customer, MINUTE)));
    const early = placed('c-1', 0);
    await bench.handle([early]);
    expect(await bench.outcomes([early])).toEqual(['decline']);
  });

  it.each(['customer', 'card', 'ip', 'device'] as const)(
    'per %s holds on many connections: of each key’s 50 orders exactly the first ten decided pass',
    async (per) => {
      const rulesets = limited(per);
      const orders = Array.from({ length: 5_000 }, (_, index) =>
        placed(`c-${index}`, index, keyed(per, `10.0.0.${(index * 37) % 100}`)),
      );
      // Dealt out by twelves, the orders of each key lie in many batches.
      const batches = Array.from({ length: 100 }, (_, batch) =>
        orders.filter((_order, index) => Math.floor(index / 12) % 100 === batch),
      );
      await Promise.all(batches.map((batch) => bench.handle(batch, rulesets)));

      const keyOf = new Map(orders.map(({ data }, index) => [data.orderId, (index * 37) % 100]));
      const decided = await bench.rows<{ orderId: string; outcome: string }>(
        'SELECT order_id AS "orderId", outcome FROM assessment ORDER BY decision',
      );
      const perKey = Map.groupBy(decided, ({ orderId }) => keyOf.get(orderId));
      const expected = [...repeated(10, 'approve'), ...repeated(40, 'decline')];
      expect(perKey.size).toBe(100);
      expect(
        [...perKey.values()].filter((of) => of.map(({ outcome }) => outcome).join() !== expected.join()),
      ).toEqual([]);
      expect(await bench.rows('SELECT FROM outbox')).toHaveLength(5_000);
    },
  );

  it('sums per currency and counts distinct cards of a customer, in the batch and before it', async () => {
    const paid = (totalMinor: number, currency: string, cardFingerprint?: string) =>
      order('c-1', { totalMinor, currency, ...(cardFingerprint && { payment: { cardFingerprint } }) });
    await bench.handle([paid(100, 'EUR', 'a'), paid(7, 'USD', 'b'), paid(200, 'EUR', 'a'), paid(1, 'EUR')]);
    const [next, last] = [paid(1_000, 'EUR', 'c'), paid(3, 'USD', 'a')];
    await bench.handle([next, last]);
    expect(await measures(next)).toMatchObject({ orders: 5, sumMinor: '1301', others: 3, leastMinor: 1 });
    expect(await measures(last)).toMatchObject({ orders: 6, sumMinor: '10', others: 3 });
  });

  it('sums beyond what a float can hold', async () => {
    const dear = () => order('c-1', { totalMinor: Number.MAX_SAFE_INTEGER });
    await bench.handle([dear()]);
    await bench.handle([dear(), dear()]);
    const last = dear();
    await bench.handle([last]);
    expect(await measures(last)).toMatchObject({
      sumMinor: (4n * BigInt(Number.MAX_SAFE_INTEGER)).toString(),
    });
  });

  it('counts the last of 3,000 orders of a customer exactly', async () => {
    for (let batch = 0; batch < 12; batch += 1) {
      await bench.handle(
        Array.from({ length: 250 }, (_, index) => placed('hot', -(batch * 250 + index) * 997)),
      );
    }
    const last = placed('hot', 0);
    await bench.handle([last]);
    expect(await measures(last)).toMatchObject({ orders: 3_001, sumMinor: String(3_001 * 2_990) });
  });

  it('knows distinct values up to 64, however many there are', async () => {
    const client = { ip: '10.1.1.1' };
    await bench.handle(
      Array.from({ length: 200 }, (_, index) => placed(`c-${index}`, index * MINUTE * 0.1, { client })),
    );
    const last = placed('c-1', 0, { client, payment: { cardFingerprint: 'x' } });
    await bench.handle([last], new Rulesets(new Ruleset(distinctCustomers, sha256)));
    expect(await measures(last, 'ip.1h')).toMatchObject({ orders: 201, others: 64 });
  });

  it('keeps neither customers nor cards, addresses and devices in clear', async () => {
    const data = { payment: { cardFingerprint: 'card-7' }, client: { ip: '203.0.113.7', deviceId: 'dev-9' } };
    await bench.handle([order('c-secret', data)]);
    const rows =
      await bench.rows(`SELECT a::text AS row FROM activity a UNION ALL SELECT m::text FROM activity_minute m
                                    UNION ALL SELECT s::text FROM assessment s`);
    expect(rows).toHaveLength(9);
    expect(JSON.stringify(rows)).not.toMatch(/c-secret|card-7|203\.0\.113|dev-9/);
  });
});

const distinctCustomers: RulesetSpec = {
  name: 'distinct',
  bands: { review: 300, decline: 700 },
  rules: [
    {
      id: 'ip.customers',
      when: 'distinct',
      per: 'ip',
      withinMs: HOUR,
      limit: 5,
      score: 300,
      onMissing: 'ignore',
    },
  ],
};

describe('a card that is tried and then used', () => {
  it.each([
    { apart: 600_000, outcome: 'review' },
    { apart: 600_001, outcome: 'approve' },
  ])('$apart ms later: $outcome', async ({ apart, outcome }) => {
    const payment = { cardFingerprint: 'stolen' };
    await bench.handle([placed('c-1', 0, { payment, totalMinor: 100 })]);
    const second = placed('c-2', apart, { payment, totalMinor: 60_000 });
    await bench.handle([second, placed('c-3', apart, { totalMinor: 60_000 })]);
    expect(await bench.outcomes([second])).toEqual([outcome]);
  });
});

describe('the moment of an order', () => {
  it('is its event time in whatever offset it was told', async () => {
    await bench.handle([order('c-1', { placedAt: new Date(NOON).toISOString() })]);
    const same = order('c-1', { placedAt: '2026-03-01T14:00:00.000+02:00' });
    await bench.handle([same]);
    expect(await measures(same)).toMatchObject({ orders: 2 });
  });
});
