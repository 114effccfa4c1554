import { describe, expect, it } from '@jest/globals';
import { sha256 } from '../rulesets/sha256.js';
import type { Inputs } from './inputs.js';
import { defaultRuleset, type Thresholds } from './rules/default-rules.js';
import type { RulesetSpec, RuleSpec } from './rules/rule-spec.js';
import { Ruleset } from './ruleset.js';

const bands = { review: 300, decline: 700 };
const thresholds: Thresholds = { velocity: { limit: 10, ipLimit: 100, windowMs: 3_600_000 }, bands };

const inputs: Inputs = {
  currency: 'EUR',
  totalMinor: 2_990,
  placedAt: '2026-03-01T10:00:00.000Z',
  activity: { 'customer.1h': { orders: 1, sumMinor: '2990' } },
  lists: [],
};

/** A rule that always fires, or never knows. */
function rule(
  id: string,
  score: number,
  knows = true,
  onMissing: RuleSpec['onMissing'] = 'ignore',
): RuleSpec {
  return { id, score, onMissing, when: 'amount', from: knows ? { EUR: 1 } : { XTS: 1 } };
}

const listed = (list: 'allow' | 'deny'): RuleSpec => ({
  id: `list.${list}`,
  score: 0,
  onMissing: 'ignore',
  when: 'listed',
  list,
});

function judge(rules: readonly RuleSpec[], change: Partial<Inputs> = {}) {
  return new Ruleset({ name: 'test', bands, rules }, sha256).judge({ ...inputs, ...change });
}

describe('a rule set judges', () => {
  it.each([
    { what: 'nothing fires', scores: [], outcome: 'approve', score: 0 },
    { what: 'the score stays below review', scores: [299], outcome: 'approve', score: 299 },
    { what: 'the score reaches review', scores: [300], outcome: 'review', score: 300 },
    { what: 'hits add up to just below decline', scores: [399, 300], outcome: 'review', score: 699 },
    { what: 'hits add up to decline', scores: [400, 300], outcome: 'decline', score: 700 },
    { what: 'the score passes its maximum', scores: [900, 900], outcome: 'decline', score: 1_000 },
  ])('$outcome when $what', ({ scores, outcome, score }) => {
    expect(judge(scores.map((points, index) => rule(`r.${index}`, points)))).toMatchObject({
      outcome,
      score,
    });
  });

  it.each([
    { onMissing: 'ignore', outcome: 'approve' },
    { onMissing: 'review', outcome: 'review' },
    { onMissing: 'decline', outcome: 'decline' },
  ] as const)('$outcome when data is missing and the rule says $onMissing', ({ onMissing, outcome }) => {
    const judgement = judge([rule('r.r', 900, false, onMissing)]);
    expect(judgement).toMatchObject({ outcome, score: 0 });
    expect(judgement.hits).toHaveLength(onMissing === 'ignore' ? 0 : 1);
  });

  it('never more leniently because data is missing', () => {
    expect(judge([rule('r.known', 700), rule('r.blind', 100, false, 'review')]).outcome).toBe('decline');
  });

  it.each([
    { lists: ['allow.customer'], outcome: 'approve' },
    { lists: ['deny.ip'], outcome: 'decline' },
    { lists: ['allow.customer', 'deny.ip'], outcome: 'decline' },
    { lists: [], outcome: 'review' },
  ])('an order of 500 points on the lists $lists: $outcome', ({ lists, outcome }) => {
    expect(judge([listed('allow'), rule('r.r', 500), listed('deny')], { lists }).outcome).toBe(outcome);
  });

  it('with the rules of the code: an ordinary order passes, a dear one is reviewed, a swarm is declined', () => {
    const live = new Ruleset(defaultRuleset(thresholds), sha256);
    expect(live.judge(inputs)).toEqual({ outcome: 'approve', score: 0, hits: [] });
    expect(live.judge({ ...inputs, totalMinor: 100_000 }).outcome).toBe('review');
    expect(live.judge({ ...inputs, activity: { 'customer.1h': { orders: 11, sumMinor: '2990' } } })).toEqual({
      outcome: 'decline',
      score: 700,
      hits: [{ rule: 'customer.velocity', because: 'fired', score: 700, atLeast: 'approve' }],
    });
    expect(live.judge({ ...inputs, currency: 'XTS' })).toEqual({
      outcome: 'review',
      score: 0,
      hits: [{ rule: 'amount.high', because: 'missing', score: 0, atLeast: 'review' }],
    });
  });

  it('with the rules of the code: a card that is tried and then used dearly is reviewed', () => {
    const live = new Ruleset(defaultRuleset(thresholds), sha256);
    const activity = { ...inputs.activity, 'card.10m.before': { orders: 2, sumMinor: '1', leastMinor: 100 } };
    expect(live.judge({ ...inputs, totalMinor: 60_000, activity })).toMatchObject({
      outcome: 'review',
      hits: [{ rule: 'card.tried' }],
    });
  });

  it('and tells the numbers behind it, amounts in the order’s currency only', () => {
    const live = new Ruleset(defaultRuleset(thresholds), sha256);
    const judgement = live.judge({ ...inputs, totalMinor: 100_000 });
    expect(live.thresholdsOf(judgement, 'EUR')).toEqual({
      bands,
      rules: { 'amount.high': { from: 100_000, below: 1_000_000 } },
    });
  });
});

describe('the hash of a rule set', () => {
  const base: RulesetSpec = { name: 'a', bands, rules: [rule('r.r', 100)] };
  const hashOf = (spec: RulesetSpec) => new Ruleset(spec, sha256).hash;
  const changed = (change: Partial<RuleSpec>) =>
    hashOf({ ...base, rules: base.rules.map((one) => ({ ...one, ...change }) as RuleSpec) });

  it('is the same for the same content, whatever its name, its words and the order of its fields', () => {
    const described = base.rules.map((one) => ({ ...one, description: 'why' }));
    expect(hashOf({ rules: described, bands: { decline: 700, review: 300 }, name: 'b' })).toBe(hashOf(base));
    expect(hashOf(base)).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each<[string, Partial<RuleSpec>]>([
    ['score', { score: 101 }],
    ['answer to missing data', { onMissing: 'decline' }],
    ['name', { id: 'r.other' }],
    ['parameters', { from: { EUR: 2 } }],
  ])('changes with a rule’s %s', (_what, change) => {
    expect(changed(change)).not.toBe(hashOf(base));
  });

  it('changes with a band', () => {
    expect(hashOf({ ...base, bands: { ...bands, review: 301 } })).not.toBe(hashOf(base));
  });
});

describe('the rules of the code', () => {
  const { rules } = defaultRuleset(thresholds);

  it('have names of their own that fit into the event', () => {
    const ids = rules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^[a-z-]+\.[a-z-]{1,50}$/.test(id))).toBe(true);
  });

  it('suspect nobody for telling neither card nor address nor device', () => {
    const judgement = new Ruleset(defaultRuleset(thresholds), sha256).judge(inputs);
    expect(judgement.hits).toEqual([]);
  });
});
