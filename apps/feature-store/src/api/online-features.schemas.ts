import { schemaTypes } from '@millrace/contracts';
import { Type, type Static } from 'typebox';

/** Feast's request; entities are lists of ids by join key. */
export const OnlineFeaturesRequest = Type.Object(
  {
    features: Type.Array(Type.String({ minLength: 1, maxLength: 128 }), { minItems: 1, maxItems: 100 }),
    entities: Type.Record(
      Type.String(),
      Type.Array(schemaTypes.CustomerId(), { minItems: 1, maxItems: 1_000 }),
    ),
    full_feature_names: Type.Optional(
      Type.Boolean({ description: 'names in the answer carry the view, joined by two underscores' }),
    ),
  },
  { additionalProperties: false },
);

/** Feast's request; entities are lists of ids by join key. */
export type OnlineFeaturesRequest = Static<typeof OnlineFeaturesRequest>;

/** Feast's answer, by column: `results[i]` holds the values of `feature_names[i]`, one per entity. */
export const OnlineFeaturesAnswer = Type.Object({
  metadata: Type.Object({ feature_names: Type.Array(Type.String()) }),
  results: Type.Array(
    Type.Object({
      values: Type.Array(Type.Union([Type.String(), Type.Number(), Type.Null()])),
      statuses: Type.Array(Type.Enum(['PRESENT', 'NOT_FOUND', 'OUTSIDE_MAX_AGE'])),
      event_timestamps: Type.Array(schemaTypes.Instant()),
    }),
  ),
});
