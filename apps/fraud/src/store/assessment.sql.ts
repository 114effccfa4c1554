import type { Transaction } from '@millrace/messaging';
import type { Decision } from '../domain/decision.js';

const LIVE = `
  SELECT order_id AS "orderId", event_id AS "eventId", outcome, score, hits, inputs, thresholds,
         ruleset_hash AS "rulesetHash", trace_id AS "traceId", decided_at AS "decidedAt"
    FROM assessment
   WHERE live AND order_id = ANY ($1::uuid[])`;

/** Live decisions that those orders already have. */
export function liveDecisions(tx: Transaction, orderIds: readonly string[]): Promise<Decision[]> {
  return tx.query<Decision>(LIVE, [orderIds]);
}

const INSERT = `
  INSERT INTO assessment (order_id, event_id, outcome, score, hits, inputs, thresholds, ruleset_hash,
                          trace_id, decided_at)
  SELECT made.order_id, made.event_id, made.outcome, made.score, made.hits::jsonb, made.inputs::jsonb,
         made.thresholds::jsonb, made.ruleset_hash, made.trace_id, made.decided_at
    FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::integer[], $5::text[], $6::text[], $7::text[],
                $8::text[], $9::text[], $10::timestamptz[])
         WITH ORDINALITY AS made (order_id, event_id, outcome, score, hits, inputs, thresholds, ruleset_hash,
                                  trace_id, decided_at, position)
   ORDER BY made.position`;

/** Stores new live decisions, numbered in the order given; an order that got one meanwhile fails it (23505). */
export function insertDecisions(tx: Transaction, made: readonly Decision[]): void {
  tx.write(INSERT, [
    made.map((decision) => decision.orderId),
    made.map((decision) => decision.eventId),
    made.map((decision) => decision.outcome),
    made.map((decision) => decision.score),
    made.map((decision) => JSON.stringify(decision.hits)),
    made.map((decision) => JSON.stringify(decision.inputs)),
    made.map((decision) => JSON.stringify(decision.thresholds)),
    made.map((decision) => decision.rulesetHash),
    made.map((decision) => decision.traceId),
    made.map((decision) => decision.decidedAt),
  ]);
}
