import type { Transaction } from '@millrace/messaging';
import type { Decision } from '../domain/decision.js';

/** States of a review; `closed` when the order ended before anybody decided. */
export const reviewStates = ['open', 'approved', 'declined', 'closed'] as const;

/** State of a review. */
export type ReviewState = (typeof reviewStates)[number];

/** An order that a person must look at. */
export interface OpenedReview {
  readonly orderId: string;
  /** Id of the event that told the outcome: what a reviewer's word is caused by. */
  readonly eventId: string;
  /** Trace context of that event. */
  readonly traceparent: string;
}

const OPEN = `
  INSERT INTO review (order_id, state, opened_at, event_id, traceparent)
  SELECT opened.order_id, 'open', $4, opened.event_id, opened.traceparent
    FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS opened (order_id, event_id, traceparent)
   ORDER BY opened.order_id
  ON CONFLICT (order_id) DO UPDATE
     SET opened_at = excluded.opened_at, event_id = excluded.event_id, traceparent = excluded.traceparent`;

/** Opens reviews; that of an order which has ended already stays closed. */
export function openReviews(tx: Transaction, opened: readonly OpenedReview[], at: Date): void {
  if (opened.length === 0) return;
  tx.write(OPEN, [
    opened.map(({ orderId }) => orderId),
    opened.map(({ eventId }) => eventId),
    opened.map(({ traceparent }) => traceparent),
    at,
  ]);
}

const CLOSE = `
  INSERT INTO review (order_id, state, reason, ended_at)
  SELECT ended.order_id, 'closed', ended.because, $3
    FROM unnest($1::uuid[], $2::text[]) AS ended (order_id, because)
   WHERE NOT EXISTS (SELECT FROM assessment WHERE live AND assessment.order_id = ended.order_id AND outcome <> 'review')
   ORDER BY ended.order_id
  ON CONFLICT (order_id) DO UPDATE
     SET state = 'closed', reason = excluded.reason, ended_at = excluded.ended_at
   WHERE review.state = 'open'`;

/**
 * Closes the open reviews of orders that have ended. One that fraud has not judged yet leaves a closed row, so that its
 * review is not opened afterwards; the same order may be given once.
 */
export function closeReviews(tx: Transaction, becauseOf: ReadonlyMap<string, string>, at: Date): void {
  tx.write(CLOSE, [[...becauseOf.keys()], [...becauseOf.values()], at]);
}

/** A review as its row holds it. */
export interface ReviewRow {
  readonly orderId: string;
  readonly state: ReviewState;
  readonly openedAt: Date;
  readonly eventId: string;
  readonly traceparent: string;
  readonly reviewer: string | null;
  readonly reason: string | null;
  readonly endedAt: Date | null;
}

const COLUMNS = `
  review.order_id AS "orderId", review.state, review.opened_at AS "openedAt", review.event_id AS "eventId",
  review.traceparent, review.reviewer, review.reason, review.ended_at AS "endedAt"`;

const DECIDE = `
  UPDATE review SET state = $2, reviewer = $3, reason = $4, ended_at = $5
   WHERE order_id = $1 AND state = 'open'
  RETURNING ${COLUMNS}`;

/** Ends an open review with a person's word; of several at once one gets the row, the others undefined. */
export async function decideReview(
  tx: Transaction,
  orderId: string,
  word: { readonly state: ReviewState; readonly reviewer: string; readonly reason: string },
  at: Date,
): Promise<ReviewRow | undefined> {
  const [row] = await tx.query<ReviewRow>(DECIDE, [orderId, word.state, word.reviewer, word.reason, at]);
  return row;
}

/** What a reviewer sees of a review beside its row. */
export interface ReviewDetails {
  readonly score: number;
  readonly hits: Decision['hits'];
  readonly inputs: Decision['inputs'];
  readonly traceId: string;
}

const WITH_DETAILS = `
  SELECT ${COLUMNS}, assessment.score, assessment.hits, assessment.inputs, assessment.trace_id AS "traceId",
         to_char(review.opened_at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "openedText"
    FROM review JOIN assessment ON assessment.live AND assessment.order_id = review.order_id`;

/** The review of an order ($1), when it has ever been opened. */
export const FIND_REVIEW = `${WITH_DETAILS} WHERE review.opened_at IS NOT NULL AND review.order_id = $1`;

/** Reviews in a state ($1), oldest first, after a moment and an order ($2, $3; both null to begin); $4 how many. */
export const LIST_REVIEWS = `${WITH_DETAILS}
   WHERE review.opened_at IS NOT NULL AND review.state = $1
     AND ($2::timestamptz IS NULL OR (review.opened_at, review.order_id) > ($2::timestamptz, $3::uuid))
   ORDER BY review.opened_at, review.order_id LIMIT $4`;
