import { describe, expect, it } from '@jest/globals';
import type { Inputs } from './inputs.js';
import type { OnMissing, Rule } from './rule.js';
import { rules } from './rules.js';
import { Ruleset } from './ruleset.js';
import { sha256 } from '../live-ruleset.js';
import { amountLimits, type Thresholds } from './thresholds.js';

const thresholds: Thresholds = {
  amounts: amountLimits,
  velocity: { limit: 10, windowMs: 3_600_000 },
  bands: { review: 300, decline: 700 },
};

const inputs: Inputs = {
  currency: 'EUR',
  totalMinor: 2_990,
  placedAt: '2026-03-01T10:00:00.000Z',
  customerOrders: 1,
};

function rule(id: string, score: number, fires: boolean | undefined, onMissing: OnMissing = 'ignore'): Rule {
  return { id, version: 1, description: id, score, onMissing, fires: () => fires };
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
    const set = new Ruleset(
      scores.map((points, index) => rule(`r${index}`, points, true)),
      thresholds,
      sha256,
    );
    expect(set.judge(inputs)).toMatchObject({ outcome, score });
  });

  it.each([
    { onMissing: 'ignore', outcome: 'approve' },
    { onMissing: 'review', outcome: 'review' },
    { onMissing: 'decline', outcome: 'decline' },
  ] as const)('$outcome when data is missing and the rule says $onMissing', ({ onMissing, outcome }) => {
    const judgement = new Ruleset([rule('r', 900, undefined, onMissing)], thresholds, sha256).judge(inputs);
    expect(judgement).toMatchObject({ outcome, score: 0 });
    expect(judgement.hits).toHaveLength(onMissing === 'ignore' ? 0 : 1);
  });

  it('never more leniently because data is missing', () => {
    const set = new Ruleset(
      [rule('known', 700, true), rule('blind', 100, undefined, 'review')],
      thresholds,
      sha256,
    );
    expect(set.judge(inputs).outcome).toBe('decline');
  });

  it('with the live rules: an ordinary order passes, a dear one is reviewed, a swarm is declined', () => {
    const live = new Ruleset(rules, thresholds, sha256);
    expect(live.judge(inputs)).toEqual({ outcome: 'approve', score: 0, hits: [] });
    expect(live.judge({ ...inputs, totalMinor: 100_000 }).outcome).toBe('review');
    expect(live.judge({ ...inputs, customerOrders: 11 })).toEqual({
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
});

describe('the hash of a rule set', () => {
  const base = rule('r', 100, true);
  const hash = new Ruleset([base], thresholds, sha256).hash;

  it('is the same for the same content, whatever the order of its fields', () => {
    const { amounts, velocity, bands } = thresholds;
    expect(new Ruleset([{ ...base }], { bands, velocity, amounts }, sha256).hash).toBe(hash);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each<[string, Partial<Rule>]>([
    ['version', { version: 2 }],
    ['score', { score: 101 }],
    ['answer to missing data', { onMissing: 'decline' }],
    ['name', { id: 'other' }],
  ])('changes with a rule’s %s', (_what, change) => {
    expect(new Ruleset([{ ...base, ...change }], thresholds, sha256).hash).not.toBe(hash);
  });

  it('changes with a threshold', () => {
    const velocity = { ...thresholds.velocity, limit: 11 };
    expect(new Ruleset([base], { ...thresholds, velocity }, sha256).hash).not.toBe(hash);
  });
});
