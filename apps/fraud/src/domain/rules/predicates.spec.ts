import { describe, expect, it } from '@jest/globals';
import type { Inputs } from '../inputs.js';
import { ruleOf } from './predicates.js';
import type { RuleSpec } from './rule-spec.js';

const common = { id: 'some.rule', score: 100, onMissing: 'review' } as const;
const HOUR = 3_600_000;

const inputs: Inputs = {
  currency: 'EUR',
  totalMinor: 1,
  placedAt: '2026-03-01T10:00:00.000Z',
  activity: {},
  lists: [],
};

function fires(spec: RuleSpec, change: Partial<Inputs>): boolean | undefined {
  return ruleOf(spec).fires({ ...inputs, ...change });
}

describe('a rule about the amount', () => {
  const range: RuleSpec = {
    ...common,
    when: 'amount',
    from: { EUR: 1_000, JPY: 50 },
    below: { EUR: 10_000 },
  };

  it.each([
    { what: 'less than its range', change: { totalMinor: 999 }, answer: false },
    { what: 'exactly its beginning', change: { totalMinor: 1_000 }, answer: true },
    { what: 'just before its end', change: { totalMinor: 9_999 }, answer: true },
    { what: 'exactly its end', change: { totalMinor: 10_000 }, answer: false },
    { what: 'a currency without an end', change: { currency: 'JPY', totalMinor: 10_000 }, answer: true },
    { what: 'a currency that it does not know', change: { currency: 'XTS' }, answer: undefined },
  ])('answers $answer to $what', ({ change, answer }) => {
    expect(fires(range, change)).toBe(answer);
  });
});

describe('a rule about velocity', () => {
  const near = { ...common, per: 'card', withinMs: HOUR } as const;

  it.each([
    { orders: 10, answer: false },
    { orders: 11, answer: true },
  ])('that counts lets its limit pass: $answer at $orders of ten', ({ orders, answer }) => {
    const activity = { 'card.1h': { orders, sumMinor: '1' } };
    expect(fires({ ...near, when: 'count', limit: 10 }, { activity })).toBe(answer);
  });

  it('that sums compares exactly, also beyond what a float can hold, and per currency', () => {
    const sum: RuleSpec = { ...near, when: 'sum', limits: { EUR: Number.MAX_SAFE_INTEGER } };
    const summed = (sumMinor: string) => ({ activity: { 'card.1h': { orders: 2, sumMinor } } });
    expect(fires(sum, summed('9007199254740991'))).toBe(false);
    expect(fires(sum, summed('9007199254740992'))).toBe(true);
    expect(fires(sum, { ...summed('1'), currency: 'USD' })).toBeUndefined();
  });

  it('that counts distinct values needs one of the order itself', () => {
    const distinct: RuleSpec = { ...near, when: 'distinct', limit: 3 };
    const seen = (others?: number) => ({
      activity: { 'card.1h': { orders: 9, sumMinor: '9', ...(others === undefined ? {} : { others }) } },
    });
    expect([3, 4, undefined].map((others) => fires(distinct, seen(others)))).toEqual([
      false,
      true,
      undefined,
    ]);
  });

  it('cannot judge a window that nobody measured', () => {
    expect(fires({ ...near, when: 'count', limit: 1 }, { activity: {} })).toBeUndefined();
  });

  it('says which window must be measured', () => {
    expect(ruleOf({ ...near, when: 'count', limit: 1 }).windows).toEqual([
      { kind: 'card', beforeMs: HOUR, afterMs: HOUR },
    ]);
  });
});

describe('a rule about a sequence', () => {
  const tried: RuleSpec = {
    ...common,
    when: 'sequence',
    per: 'card',
    withinMs: 600_000,
    small: { EUR: 500 },
    large: { EUR: 50_000 },
  };
  const after = (leastMinor?: number) => ({
    activity: {
      'card.10m.before': { orders: 2, sumMinor: '1', ...(leastMinor === undefined ? {} : { leastMinor }) },
    },
  });

  it.each([
    { what: 'a large order after a small one', change: { ...after(500), totalMinor: 50_000 }, answer: true },
    { what: 'one that is not large', change: { ...after(500), totalMinor: 49_999 }, answer: false },
    { what: 'one after none that was small', change: { ...after(501), totalMinor: 50_000 }, answer: false },
    { what: 'the first of its card', change: { ...after(), totalMinor: 50_000 }, answer: false },
    { what: 'an order without a card', change: { totalMinor: 50_000 }, answer: undefined },
  ])('answers $answer to $what', ({ change, answer }) => {
    expect(fires(tried, change)).toBe(answer);
  });
});

describe('a rule about a list', () => {
  it.each([
    { list: 'deny', settles: 'decline' },
    { list: 'allow', settles: 'approve' },
  ] as const)('fires for any key on $list and then settles $settles', ({ list, settles }) => {
    const rule = ruleOf({ ...common, when: 'listed', list });
    expect(rule.settles).toBe(settles);
    expect(rule.fires({ ...inputs, lists: [`${list}.ip`] })).toBe(true);
    expect(rule.fires({ ...inputs, lists: [] })).toBe(false);
    expect(rule.fires({ ...inputs, lists: [list === 'deny' ? 'allow.ip' : 'deny.ip'] })).toBe(false);
  });
});
