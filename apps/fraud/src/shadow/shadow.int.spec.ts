import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FraudBench, order, placed } from '../fraud-bench.fixture.js';
import { defaultRuleset } from '../domain/rules/default-rules.js';
import type { RulesetSpec } from '../domain/rules/rule-spec.js';
import { Ruleset } from '../domain/ruleset.js';
import { readThresholds } from '../fraud.config.js';
import { liveRuleset } from '../rulesets/read-rulesets.js';
import { Rulesets } from '../rulesets/rulesets.js';
import { sha256 } from '../rulesets/sha256.js';
import { ShadowStore } from './shadow.store.js';

/** Like the live rules, but three orders of a customer pass, within two hours instead of one. */
const stricter: RulesetSpec = {
  ...defaultRuleset(readThresholds({})),
  name: 'stricter',
  rules: defaultRuleset(readThresholds({})).rules.map((rule) =>
    rule.id === 'customer.velocity' ? { ...rule, limit: 3, withinMs: 7_200_000 } : rule,
  ) as RulesetSpec['rules'],
};

const shadow = new Ruleset(stricter, sha256);
const live = liveRuleset({});
let bench: FraudBench;
let store: ShadowStore;

beforeAll(async () => {
  bench = await FraudBench.create(stack.postgres, new Rulesets(live, [shadow]));
  store = new ShadowStore(bench.transactions);
});
afterAll(() => bench.database.drop());
beforeEach(() => bench.clear());

describe('a shadow rule set', () => {
  it('yields exactly the orders that it would have decided otherwise, and counts the others', async () => {
    // The live hour sees one order of c-1 at a time, the shadow's two hours see three.
    const spread = Array.from({ length: 6 }, (_, index) => placed('c-1', index * 3_600_001));
    const swarm = Array.from({ length: 12 }, () => order('c-2'));
    const dear = order('c-3', { totalMinor: 100_000 });
    await bench.handle([...spread.slice(0, 3), ...swarm.slice(0, 7), dear]);
    await bench.handle([...spread.slice(3), ...swarm.slice(7)]);

    const { items, next } = await store.differences(shadow.hash, 100);
    // Of c-2 the fourth to the tenth pass the live rules only; the last two pass neither.
    expect(items.map(({ orderId }) => orderId)).toEqual(swarm.slice(3, 10).map(({ data }) => data.orderId));
    expect(new Set(items.map((one) => `${one.live} → ${one.shadow}`))).toEqual(
      new Set(['approve → decline']),
    );
    expect(next).toBeUndefined();
    expect(await store.confusion(shadow.hash)).toEqual([
      { live: 'approve', shadow: 'approve', orders: '9' },
      { live: 'approve', shadow: 'decline', orders: '7' },
      { live: 'decline', shadow: 'decline', orders: '2' },
      { live: 'review', shadow: 'review', orders: '1' },
    ]);
  });

  it('changes nothing of the live decision: neither outcome nor inputs, nor what is told and reviewed', async () => {
    const orders = Array.from({ length: 5 }, () => order('c-1'));
    await bench.handle(orders);
    expect(await bench.outcomes(orders)).toEqual(orders.map(() => 'approve'));
    const found = await bench.assessments.find(orders[4]?.data.orderId ?? '');
    expect(found).toMatchObject({ rulesetHash: live.hash, hits: [] });
    expect(Object.keys(found?.inputs.activity ?? {})).toEqual(['customer.1h']);
    expect(await bench.rows('SELECT FROM assessment')).toHaveLength(5);
    expect(await bench.rows('SELECT FROM outbox')).toHaveLength(5);
  });

  it('says its word once for an order, whatever comes after', async () => {
    const first = order('c-1');
    await bench.handle([first]);
    await bench.handle([{ ...order('c-1'), data: first.data }]);
    expect(await bench.rows('SELECT FROM shadow_assessment')).toHaveLength(1);
  });

  it('is shown in pages', async () => {
    await bench.handle(Array.from({ length: 9 }, () => order('c-1')));
    const first = await store.differences(shadow.hash, 4);
    const second = await store.differences(shadow.hash, 4, first.next);
    expect([first.items.length, second.items.length, second.next]).toEqual([4, 2, undefined]);
  });
});
