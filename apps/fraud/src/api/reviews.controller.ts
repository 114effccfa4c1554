import { Body, Controller, Get, HttpCode, HttpStatus, Param, Post, Query } from '@nestjs/common';
import {
  access,
  answers,
  bodyOf,
  notFound,
  ProblemError,
  queryOf,
  refuses,
  validated,
} from '@millrace/service/http';
import type { Static } from 'typebox';
import { ReviewStore, type Review, type Verdict } from '../reviews/review.store.js';
import { OrderIdParam } from './assessment.schemas.js';
import { cursorReader, cursorText } from './cursor.js';
import { ListReviews, ReviewAnswer, ReviewPageAnswer, ReviewPlace, VerdictBody } from './reviews.schemas.js';

const PAGE_REVIEWS = 50;
const placeOf = cursorReader(ReviewPlace);

/** The queue of orders that wait for a person. */
@Controller('reviews')
export class ReviewsController {
  constructor(private readonly reviews: ReviewStore) {}

  /** Reviews in a state, `open` unless told, those that wait longest first. */
  @Get()
  @access('read')
  @queryOf(ListReviews)
  @answers(HttpStatus.OK, ReviewPageAnswer)
  @refuses(422, 503)
  async list(@Query(validated(ListReviews)) query: Static<typeof ListReviews>): Promise<ReviewPageAnswer> {
    const after = query.cursor === undefined ? undefined : placeOf(query.cursor);
    const { items, next } = await this.reviews.page(
      query.state ?? 'open',
      query.limit ?? PAGE_REVIEWS,
      after,
    );
    return { items: items.map(reviewAnswer), ...(next ? { nextCursor: cursorText(next) } : {}) };
  }

  /** The review of one order. */
  @Get(':orderId')
  @access('read')
  @answers(HttpStatus.OK, ReviewAnswer)
  @refuses(404, 422, 503)
  async one(@Param('orderId', validated(OrderIdParam)) orderId: string): Promise<ReviewAnswer> {
    const review = await this.reviews.find(orderId);
    if (!review) throw notFound('review', orderId);
    return reviewAnswer(review);
  }

  /** Lets an order pass; the order service hears of it. */
  @Post(':orderId/approve')
  @access('write')
  @HttpCode(HttpStatus.OK)
  @bodyOf(VerdictBody)
  @answers(HttpStatus.OK, ReviewAnswer, 'This word counts, and its event is committed.')
  @refuses(400, 404, 409, 413, 415, 422, 503)
  approve(
    @Param('orderId', validated(OrderIdParam)) orderId: string,
    @Body(validated(VerdictBody)) body: Static<typeof VerdictBody>,
  ): Promise<ReviewAnswer> {
    return this.decide(orderId, { ...body, outcome: 'approve' });
  }

  /** Declines an order; the order service hears of it. */
  @Post(':orderId/decline')
  @access('write')
  @HttpCode(HttpStatus.OK)
  @bodyOf(VerdictBody)
  @answers(HttpStatus.OK, ReviewAnswer, 'This word counts, and its event is committed.')
  @refuses(400, 404, 409, 413, 415, 422, 503)
  decline(
    @Param('orderId', validated(OrderIdParam)) orderId: string,
    @Body(validated(VerdictBody)) body: Static<typeof VerdictBody>,
  ): Promise<ReviewAnswer> {
    return this.decide(orderId, { ...body, outcome: 'decline' });
  }

  private async decide(orderId: string, verdict: Verdict): Promise<ReviewAnswer> {
    const { won, review } = await this.reviews.decide(orderId, verdict);
    if (!review) throw notFound('review', orderId);
    if (!won) throw alreadyEnded(review);
    return reviewAnswer(review);
  }
}

function reviewAnswer({ openedAt, endedAt, reviewer, reason, ...review }: Review): ReviewAnswer {
  const { orderId, state, score, hits, inputs, traceId } = review;
  return {
    orderId,
    state,
    openedAt: openedAt.toISOString(),
    ...(reviewer === null ? {} : { reviewer }),
    ...(reason === null ? {} : { reason }),
    ...(endedAt === null ? {} : { endedAt: endedAt.toISOString() }),
    score,
    hits: [...hits],
    inputs: { ...inputs, lists: [...inputs.lists] },
    traceId,
  };
}

function alreadyEnded({ state, reviewer, reason, endedAt }: Review): ProblemError {
  const at = endedAt?.toISOString() ?? '';
  const closed = state === 'closed';
  return new ProblemError({
    status: HttpStatus.CONFLICT,
    code: closed ? 'review-closed' : 'review-decided',
    title: closed ? 'The order has ended' : 'Somebody else has decided',
    detail: closed
      ? `There is nothing left to decide since ${at}: ${reason}.`
      : `It was ${state} by ${reviewer} at ${at}: ${reason}`,
  });
}
