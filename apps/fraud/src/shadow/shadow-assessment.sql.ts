import type { Transaction } from '@millrace/messaging';
import type { Decision } from '../domain/decision.js';
import type { Outcome } from '../domain/judgement.js';

/** What a shadow rule set says of an order, beside the live decision. */
export interface ShadowDecision {
  readonly decision: Decision;
  readonly live: Decision;
}

const INSERT = `
  INSERT INTO shadow_assessment (event_id, ruleset_hash, order_id, outcome, score, hits, live_outcome, live_ruleset_hash,
                                 decided_at)
  SELECT made.event_id, made.ruleset_hash, made.order_id, made.outcome, made.score, made.hits::jsonb,
         made.live_outcome, made.live_ruleset_hash, $9
    FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::integer[], $6::text[], $7::text[], $8::text[])
         WITH ORDINALITY AS made (event_id, ruleset_hash, order_id, outcome, score, hits, live_outcome,
                                  live_ruleset_hash, position)
   ORDER BY made.position`;

/** Stores what shadow rule sets said, all of one moment. */
export function insertShadowDecisions(tx: Transaction, made: readonly ShadowDecision[]): void {
  tx.write(INSERT, [
    made.map(({ decision }) => decision.eventId),
    made.map(({ decision }) => decision.rulesetHash),
    made.map(({ decision }) => decision.orderId),
    made.map(({ decision }) => decision.outcome),
    made.map(({ decision }) => decision.score),
    made.map(({ decision }) => JSON.stringify(decision.hits)),
    made.map(({ live }) => live.outcome),
    made.map(({ live }) => live.rulesetHash),
    made[0]?.decision.decidedAt ?? null,
  ]);
}

/** One field of a confusion matrix. */
export interface ConfusionRow {
  readonly live: Outcome;
  readonly shadow: Outcome;
  /** Number of orders, as decimal text. */
  readonly orders: string;
}

/** How often a shadow rule set said what beside which live outcome; $1 is its hash. */
export const CONFUSION = `
  SELECT live_outcome AS live, outcome AS shadow, count(*)::text AS orders
    FROM shadow_assessment WHERE ruleset_hash = $1
   GROUP BY 1, 2 ORDER BY 1, 2`;

/** An order that a shadow rule set would have decided otherwise. */
export interface DifferenceRow {
  readonly position: string;
  readonly orderId: string;
  readonly live: Outcome;
  readonly shadow: Outcome;
  readonly score: number;
  readonly hits: Decision['hits'];
  readonly liveRulesetHash: string;
  readonly decidedAt: Date;
}

/** Orders that a shadow rule set decided otherwise, oldest first: $1 its hash, $2 the position before, $3 how many. */
export const DIFFERENCES = `
  SELECT position::text, order_id AS "orderId", live_outcome AS live, outcome AS shadow, score, hits,
         live_ruleset_hash AS "liveRulesetHash", decided_at AS "decidedAt"
    FROM shadow_assessment
   WHERE ruleset_hash = $1 AND position > $2 AND outcome <> live_outcome
   ORDER BY shadow_assessment.position LIMIT $3`;
