import { Injectable } from '@nestjs/common';
import { FraudReviewed } from '@millrace/contracts';
import type { Transaction } from '@millrace/messaging';
import { Outbox } from '@millrace/outbox';
import { Transactions } from '@millrace/persistence';
import { contextFromTraceparent } from '@millrace/telemetry';
import {
  closeReviews,
  decideReview,
  FIND_REVIEW,
  LIST_REVIEWS,
  openReviews,
  type OpenedReview,
  type ReviewDetails,
  type ReviewRow,
  type ReviewState,
} from './review.sql.js';

/** A review with what its reviewer needs to decide. */
export type Review = ReviewRow & ReviewDetails;

/** Where a page of reviews ended: when its last one was opened, in microseconds as RFC 3339 text, and its order. */
export interface ReviewCursor {
  readonly at: string;
  readonly id: string;
}

/** A page of reviews; `next` is there when more follow. */
export interface ReviewPage {
  readonly items: readonly Review[];
  readonly next?: ReviewCursor;
}

/** What a reviewer says. */
export interface Verdict {
  readonly outcome: 'approve' | 'decline';
  readonly reviewer: string;
  readonly reason: string;
}

/** How a verdict fared: `review` is what stands now, undefined for an order that is in no review. */
export interface Ruling {
  readonly won: boolean;
  readonly review: Review | undefined;
}

/** The orders that wait for a person, and what became of them. */
@Injectable()
export class ReviewStore {
  constructor(
    private readonly transactions: Transactions,
    private readonly outbox: Outbox,
  ) {}

  /** Opens reviews within the transaction of their decisions. */
  open(opened: readonly OpenedReview[], at: Date, tx: Transaction): void {
    openReviews(tx, opened, at);
  }

  /** Closes what nobody needs to decide any more: the orders have ended, each for its reason. */
  close(becauseOf: ReadonlyMap<string, string>, at: Date, tx: Transaction): void {
    closeReviews(tx, becauseOf, at);
  }

  /** Lets a person decide. Of several who do so at once the first wins, and one event tells the word of that one. */
  decide(orderId: string, verdict: Verdict, at = new Date()): Promise<Ruling> {
    return this.transactions.run(async (tx) => {
      const { outcome, reviewer, reason } = verdict;
      const state = outcome === 'approve' ? 'approved' : 'declined';
      const decided = await decideReview(tx, orderId, { state, reviewer, reason }, at);
      if (decided) await this.tell(decided, verdict, at, tx);
      const [review] = await tx.query<Review>(FIND_REVIEW, [orderId]);
      return { won: decided !== undefined, review };
    });
  }

  /** The review of an order; undefined when it never was in review. */
  async find(orderId: string): Promise<Review | undefined> {
    const [review] = await this.transactions.read<Review>(FIND_REVIEW, [orderId]);
    return review;
  }

  /** A page of reviews in a state, those that wait longest first. */
  async page(state: ReviewState, limit: number, after?: ReviewCursor): Promise<ReviewPage> {
    const rows = await this.transactions.read<Review & { openedText: string }>(LIST_REVIEWS, [
      state,
      after?.at ?? null,
      after?.id ?? null,
      limit + 1,
    ]);
    const items = rows.slice(0, limit);
    const last = rows.length > limit ? items.at(-1) : undefined;
    return { items, ...(last ? { next: { at: last.openedText, id: last.orderId } } : {}) };
  }

  /** The event stays in the order's own trace, caused by the decision that asked for a person. */
  private async tell(
    { orderId, eventId, traceparent }: ReviewRow,
    { outcome, reviewer, reason }: Verdict,
    at: Date,
    tx: Transaction,
  ): Promise<void> {
    const data = { orderId, outcome, reviewer, reason, reviewedAt: at.toISOString() };
    const cause = { id: eventId, context: contextFromTraceparent(traceparent) };
    this.outbox.append([{ event: FraudReviewed, data, cause }], tx);
  }
}
