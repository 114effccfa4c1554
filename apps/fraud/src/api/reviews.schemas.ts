import { FraudReviewed, schemaTypes } from '@millrace/contracts';
import { Type, type Static } from 'typebox';
import { reviewStates } from '../reviews/review.sql.js';
import { Hits, InputsAnswer } from './assessment.schemas.js';

const { reviewer, reason } = FraudReviewed.schema.properties;

/** Body of a reviewer's word: who decides, and why. */
export const VerdictBody = Type.Object({ reviewer, reason }, { additionalProperties: false });

/** Query of `GET /reviews`: at most `limit` reviews in a state after `cursor`, those that wait longest first. */
export const ListReviews = Type.Object(
  {
    state: Type.Optional(Type.Enum([...reviewStates])),
    cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 400 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  },
  { additionalProperties: false },
);

/** Where a page of reviews ended. */
export const ReviewPlace = Type.Object({ at: schemaTypes.Instant(), id: schemaTypes.Uuid() });

/** An order that a person must look at, or has looked at. */
export const ReviewAnswer = Type.Object({
  orderId: schemaTypes.Uuid(),
  state: Type.Enum([...reviewStates]),
  openedAt: schemaTypes.Instant(),
  /** Who decided; unset while it is open, and when the order ended by itself. */
  reviewer: Type.Optional(Type.String()),
  reason: Type.Optional(Type.String()),
  endedAt: Type.Optional(schemaTypes.Instant()),
  score: Type.Integer(),
  hits: Hits(),
  inputs: InputsAnswer(),
  traceId: Type.String(),
});

/** A review as HTTP tells it. */
export type ReviewAnswer = Static<typeof ReviewAnswer>;

/** A page of reviews; `nextCursor` is there when more follow. */
export const ReviewPageAnswer = Type.Object({
  items: Type.Array(ReviewAnswer),
  nextCursor: Type.Optional(Type.String()),
});

/** A page of reviews; `nextCursor` is there when more follow. */
export type ReviewPageAnswer = Static<typeof ReviewPageAnswer>;
