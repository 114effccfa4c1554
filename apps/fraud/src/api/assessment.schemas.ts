import { schemaTypes } from '@millrace/contracts';
import { Type, type Static } from 'typebox';

/** An order id in a path. */
export const OrderIdParam = schemaTypes.Uuid();

const Limits = Type.Object({ high: Type.Integer(), veryHigh: Type.Integer() });

/** What fraud decided for an order, and everything that explains it. */
export const Assessment = Type.Object({
  orderId: schemaTypes.Uuid(),
  outcome: Type.Enum(['approve', 'review', 'decline']),
  score: Type.Integer({ minimum: 0, maximum: 1_000 }),
  hits: Type.Array(
    Type.Object({
      rule: Type.String(),
      because: Type.Enum(['fired', 'missing']),
      score: Type.Integer(),
      atLeast: Type.Enum(['approve', 'review', 'decline']),
    }),
  ),
  inputs: Type.Object({
    currency: schemaTypes.Currency(),
    totalMinor: schemaTypes.MinorUnits(),
    placedAt: schemaTypes.Instant(),
    customerOrders: Type.Optional(Type.Integer({ minimum: 1 })),
  }),
  thresholds: Type.Object({
    amounts: Type.Record(Type.String(), Limits),
    velocity: Type.Object({ limit: Type.Integer(), windowMs: Type.Integer() }),
    bands: Type.Object({ review: Type.Integer(), decline: Type.Integer() }),
  }),
  rulesetHash: Type.String(),
  traceId: Type.String(),
  decidedAt: schemaTypes.Instant(),
});

/** An assessment as HTTP tells it. */
export type Assessment = Static<typeof Assessment>;
