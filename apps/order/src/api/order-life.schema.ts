import { schemaTypes } from '@millrace/contracts';
import { Type, type Static } from 'typebox';
import { orderStatuses } from '../domain/order.js';

/** Body of `POST /orders/:id/cancel`; without one no reason is given. */
export const CancelOrder = Type.Object(
  { reason: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })) },
  { additionalProperties: false },
);

const Transition = Type.Object({
  kind: Type.Literal('transition'),
  at: schemaTypes.Instant(),
  status: Type.Enum([...orderStatuses]),
  /** Why, where there is more to say than the status. */
  because: Type.Optional(Type.String()),
  /** The event that tells it. */
  eventId: schemaTypes.Uuid(),
});

const Heard = Type.Object({
  kind: Type.Literal('feedback'),
  at: schemaTypes.Instant(),
  /** What the check said. */
  signal: Type.String(),
  /** What that did: `counted`, or why it changed nothing. */
  effect: Type.String(),
  /** The event that brought it. */
  eventId: schemaTypes.Uuid(),
});

/** An order's own transitions and the words of the checks that it heard, oldest first. */
export const Timeline = Type.Object({ items: Type.Array(Type.Union([Transition, Heard])) });

/** An order's own transitions and the words of the checks that it heard, oldest first. */
export type Timeline = Static<typeof Timeline>;
