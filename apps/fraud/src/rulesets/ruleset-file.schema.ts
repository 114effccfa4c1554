import { Type } from 'typebox';
import { listNames } from '../domain/inputs.js';
import { missingAnswers } from '../domain/rules/rule.js';
import { COUNTED_OTHERS, WINDOW_MS } from '../domain/velocity/activity-window.js';
import { keyKinds } from '../domain/velocity/key-kind.js';

const Minor = () => Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

const Amounts = () =>
  Type.Record(Type.String({ pattern: '^[A-Z]{3}$' }), Minor(), {
    additionalProperties: false,
    minProperties: 1,
  });

const common = {
  id: Type.String({ pattern: '^[a-z-]{1,30}\\.[a-z0-9-]{1,33}$' }),
  description: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
  score: Type.Integer({ minimum: 0, maximum: 1_000 }),
  onMissing: Type.Enum([...missingAnswers]),
};

const counted = {
  ...common,
  per: Type.Enum([...keyKinds]),
  withinMs: Type.Integer({ minimum: WINDOW_MS.least, maximum: WINDOW_MS.most }),
};

const closed = { additionalProperties: false };

/** Fields of every kind of rule in a rule file, by its `when`. */
export const ruleSchemas = {
  amount: Type.Object(
    { ...common, when: Type.Literal('amount'), from: Amounts(), below: Type.Optional(Amounts()) },
    closed,
  ),
  count: Type.Object(
    { ...counted, when: Type.Literal('count'), limit: Type.Integer({ minimum: 1, maximum: 1_000_000 }) },
    closed,
  ),
  sum: Type.Object({ ...counted, when: Type.Literal('sum'), limits: Amounts() }, closed),
  distinct: Type.Object(
    {
      ...counted,
      when: Type.Literal('distinct'),
      limit: Type.Integer({ minimum: 1, maximum: COUNTED_OTHERS - 1 }),
    },
    closed,
  ),
  sequence: Type.Object(
    { ...counted, when: Type.Literal('sequence'), small: Amounts(), large: Amounts() },
    closed,
  ),
  listed: Type.Object({ ...common, when: Type.Literal('listed'), list: Type.Enum([...listNames]) }, closed),
};

/** A rule file but for the fields of its rules, which depend on each rule's `when`. */
export const RulesetFrame = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 64 }),
    bands: Type.Object(
      {
        review: Type.Integer({ minimum: 1, maximum: 1_000 }),
        decline: Type.Integer({ minimum: 1, maximum: 1_000 }),
      },
      closed,
    ),
    rules: Type.Array(
      Type.Object({ when: Type.Enum(Object.keys(ruleSchemas) as (keyof typeof ruleSchemas)[]) }),
      {
        minItems: 1,
        maxItems: 64,
      },
    ),
  },
  closed,
);
