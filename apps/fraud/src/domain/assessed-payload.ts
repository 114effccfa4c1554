import type { FraudAssessed } from '@millrace/contracts';
import type { Decision } from './decision.js';

/** The payload that tells a decision; the same decision always makes the same payload. */
export function assessedPayload(decision: Decision): FraudAssessed {
  const { orderId, outcome, score, rulesetHash, hits, decidedAt } = decision;
  return {
    orderId,
    outcome,
    score,
    rulesetHash,
    hits: hits.map((hit) => hit.rule),
    assessedAt: decidedAt.toISOString(),
  };
}
