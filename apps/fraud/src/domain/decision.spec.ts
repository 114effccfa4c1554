import { assertProducible, FraudAssessed } from '@millrace/contracts';
import { describe, expect, it } from '@jest/globals';
import { assessedPayload } from './assessed-payload.js';
import { decide } from './decision.js';
import { defaultRuleset } from './rules/default-rules.js';
import { Ruleset } from './ruleset.js';
import { undecided } from './undecided.js';

const ruleset = new Ruleset(
  defaultRuleset({
    velocity: { limit: 10, ipLimit: 100, windowMs: 3_600_000 },
    bands: { review: 300, decline: 700 },
  }),
  () => 'ab'.repeat(32),
);

const request = {
  orderId: '01993f6e-8f2b-7c11-9a54-3d2f0c9a7b10',
  eventId: '01993f6e-8f2b-7c11-9a54-3d2f0c9a7b99',
  traceId: '0af7651916cd43dd8448eb211c80319c',
  customerId: 'c-1001',
  currency: 'EUR',
  totalMinor: 5_970,
  placedAt: '2026-03-01T10:15:30.000Z',
};

const now = new Date('2026-03-01T10:15:30.020Z');

function facts(orders: number) {
  const measures = { orders, sumMinor: '5970' };
  return { activity: { 'customer.1h': measures, 'customer.5h': measures }, lists: [] };
}

describe('decide', () => {
  it('keeps everything that explains the decision and no personal data', () => {
    const decision = decide(request, facts(11), ruleset, now);
    expect(decision).toEqual({
      orderId: request.orderId,
      eventId: request.eventId,
      traceId: request.traceId,
      outcome: 'decline',
      score: 700,
      hits: [{ rule: 'customer.velocity', because: 'fired', score: 700, atLeast: 'approve' }],
      inputs: {
        currency: 'EUR',
        totalMinor: 5_970,
        placedAt: request.placedAt,
        activity: { 'customer.1h': { orders: 11, sumMinor: '5970' } },
        lists: [],
      },
      thresholds: {
        bands: { review: 300, decline: 700 },
        rules: { 'customer.velocity': { per: 'customer', withinMs: 3_600_000, limit: 10 } },
      },
      rulesetHash: ruleset.hash,
      decidedAt: now,
    });
    expect(JSON.stringify(decision)).not.toContain(request.customerId);
  });

  it('asks for a review when the customer’s orders could not be counted', () => {
    const decision = decide(request, { activity: {}, lists: [] }, ruleset, now);
    expect(decision).toMatchObject({
      outcome: 'review',
      hits: [{ rule: 'customer.velocity', because: 'missing' }],
    });
    expect(decision.inputs.activity).toEqual({});
  });
});

describe('assessedPayload', () => {
  it('tells the decision and satisfies the contract', () => {
    const payload = assessedPayload(decide({ ...request, totalMinor: 200_000 }, facts(1), ruleset, now));
    expect(payload).toEqual({
      orderId: request.orderId,
      outcome: 'review',
      score: 300,
      rulesetHash: ruleset.hash,
      hits: ['amount.high'],
      assessedAt: '2026-03-01T10:15:30.020Z',
    });
    expect(() => assertProducible(FraudAssessed, payload)).not.toThrow();
  });
});

describe('undecided', () => {
  it('keeps the first request of every order without a decision, in order', () => {
    const asked = ['b', 'a', 'b', 'c', 'a'].map((orderId, position) => ({ orderId, position }));
    expect(undecided(asked, new Set(['c']))).toEqual([
      { orderId: 'b', position: 0 },
      { orderId: 'a', position: 1 },
    ]);
  });
});
