import { Type, type Static } from 'typebox';
import { defineEvent } from '../event-definition.js';
import { Instant, Uuid } from '../schema-types.js';

const schema = Type.Object(
  {
    orderId: Uuid(),
    outcome: Type.Enum(['approve', 'review', 'decline']),
    score: Type.Integer({ minimum: 0, maximum: 1_000 }),
    rulesetHash: Type.String({ pattern: '^[0-9a-f]{12,64}$' }),
    hits: Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 64 }),
    assessedAt: Instant(),
  },
  { additionalProperties: false },
);

/** Payload of `fraud.assessed` v1. */
export type FraudAssessed = Static<typeof schema>;

/** `fraud.assessed` v1: the fraud service judged an order; `hits` names the rules that fired. */
export const FraudAssessed = defineEvent(schema, {
  type: 'fraud.assessed',
  version: 1,
  topic: 'fraud.assessed',
  aggregate: 'order',
  key: 'orderId',
  owner: 'fraud',
  summary: 'The fraud service judged an order.',
  freshnessMs: 5_000,
  personalData: [],
  examples: [
    {
      orderId: '01993f6e-8f2b-7c11-9a54-3d2f0c9a7b10',
      outcome: 'approve',
      score: 0,
      rulesetHash: '3f1c9a7b10d2',
      hits: [],
      assessedAt: '2026-03-01T10:15:30.020Z',
    },
    {
      orderId: '01993f6e-8f2b-7c11-9a54-3d2f0c9a7b11',
      outcome: 'decline',
      score: 900,
      rulesetHash: '3f1c9a7b10d2',
      hits: ['amount.very-high', 'customer.velocity'],
      assessedAt: '2026-03-01T10:15:31.400Z',
    },
  ],
});
