import { schemaTypes } from '@millrace/contracts';
import { Type, type Static } from 'typebox';

/** An order id in a path. */
export const OrderIdParam = schemaTypes.Uuid();

/** An outcome, from lenient to strict. */
export const OutcomeText = () => Type.Enum(['approve', 'review', 'decline']);

/** The rules that spoke. */
export const Hits = () =>
  Type.Array(
    Type.Object({
      rule: Type.String(),
      because: Type.Enum(['fired', 'missing']),
      score: Type.Integer(),
      atLeast: OutcomeText(),
      settles: Type.Optional(Type.Enum(['approve', 'decline'])),
    }),
  );

/** What the rules knew of the order. */
export const InputsAnswer = () =>
  Type.Object({
    currency: schemaTypes.Currency(),
    totalMinor: schemaTypes.MinorUnits(),
    placedAt: schemaTypes.Instant(),
    lists: Type.Array(Type.String()),
    activity: Type.Record(
      Type.String(),
      Type.Object({
        orders: Type.Integer({ minimum: 1 }),
        sumMinor: Type.String({ pattern: '^[0-9]+$' }),
        others: Type.Optional(Type.Integer()),
        leastMinor: Type.Optional(schemaTypes.MinorUnits()),
      }),
    ),
  });

/** What fraud decided for an order, and everything that explains it. */
export const Assessment = Type.Object({
  orderId: schemaTypes.Uuid(),
  outcome: OutcomeText(),
  score: Type.Integer({ minimum: 0, maximum: 1_000 }),
  hits: Hits(),
  inputs: InputsAnswer(),
  thresholds: Type.Object({
    bands: Type.Object({ review: Type.Integer(), decline: Type.Integer() }),
    rules: Type.Record(Type.String(), Type.Record(Type.String(), Type.Unknown())),
  }),
  rulesetHash: Type.String(),
  traceId: Type.String(),
  decidedAt: schemaTypes.Instant(),
});

/** An assessment as HTTP tells it. */
export type Assessment = Static<typeof Assessment>;
