import { Type, type Static } from 'typebox';
import { defineEvent } from '../event-definition.js';
import { Instant, Uuid } from '../schema-types.js';

const schema = Type.Object(
  {
    orderId: Uuid(),
    outcome: Type.Enum(['approve', 'decline']),
    reviewer: Type.String({ minLength: 1, maxLength: 128 }),
    reason: Type.String({ minLength: 1, maxLength: 500 }),
    reviewedAt: Instant(),
  },
  { additionalProperties: false },
);

/** Payload of `fraud.reviewed` v1. */
export type FraudReviewed = Static<typeof schema>;

/** `fraud.reviewed` v1: a person decided an order that the rules had left to a review. */
export const FraudReviewed = defineEvent(schema, {
  type: 'fraud.reviewed',
  version: 1,
  topic: 'fraud.reviewed',
  aggregate: 'order',
  key: 'orderId',
  owner: 'fraud',
  summary: 'A person decided an order that the rules had left to a review.',
  freshnessMs: 5_000,
  personalData: ['/reviewer'],
  examples: [
    {
      orderId: '01993f6e-8f2b-7c11-9a54-3d2f0c9a7b11',
      outcome: 'approve',
      reviewer: 'mara',
      reason: 'known customer, called back',
      reviewedAt: '2026-03-01T11:02:10.000Z',
    },
  ],
});
