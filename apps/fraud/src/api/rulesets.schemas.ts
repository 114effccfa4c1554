import { schemaTypes } from '@millrace/contracts';
import { Type, type Static } from 'typebox';
import { Hits, OutcomeText } from './assessment.schemas.js';

/** Hash of a rule set. */
export const RulesetHash = Type.String({ pattern: '^[0-9a-f]{64}$' });

/** The rule sets that judge now. */
export const RulesetsAnswer = Type.Object({
  live: Type.Object({ hash: Type.String(), name: Type.String() }),
  shadows: Type.Array(Type.Object({ hash: Type.String(), name: Type.String() })),
});

/** The rule sets that judge now. */
export type RulesetsAnswer = Static<typeof RulesetsAnswer>;

/** A rule set that judges or has judged; `spec` is what its file held, or what the code stated. */
export const RulesetAnswer = Type.Object({
  hash: Type.String(),
  firstUsedAt: schemaTypes.Instant(),
  spec: Type.Unknown(),
});

/** A rule set that judges or has judged. */
export type RulesetAnswer = Static<typeof RulesetAnswer>;

/** Query of `GET /shadow/differences`: of one rule set, by default the one that runs as a shadow now. */
export const DifferencesQuery = Type.Object(
  {
    ruleset: Type.Optional(RulesetHash),
    cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  },
  { additionalProperties: false },
);

/** Where a page of differences ended. */
export const DifferencePlace = Type.String({ pattern: '^[0-9]{1,18}$' });

/** How a shadow rule set decides otherwise than the live one. */
export const DifferencesAnswer = Type.Object({
  ruleset: RulesetHash,
  /** How many orders had which pair of outcomes, agreement included; on the first page only. */
  confusion: Type.Optional(
    Type.Array(
      Type.Object({
        live: OutcomeText(),
        shadow: OutcomeText(),
        orders: Type.String({ pattern: '^[0-9]+$' }),
      }),
    ),
  ),
  items: Type.Array(
    Type.Object({
      orderId: schemaTypes.Uuid(),
      live: OutcomeText(),
      shadow: OutcomeText(),
      score: Type.Integer(),
      hits: Hits(),
      liveRuleset: Type.String(),
      decidedAt: schemaTypes.Instant(),
    }),
  ),
  nextCursor: Type.Optional(Type.String()),
});

/** How a shadow rule set decides otherwise than the live one. */
export type DifferencesAnswer = Static<typeof DifferencesAnswer>;
