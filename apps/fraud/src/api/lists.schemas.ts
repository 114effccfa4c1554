import { schemaTypes } from '@millrace/contracts';
import { Type, type Static } from 'typebox';
import { listNames } from '../domain/inputs.js';
import { keyKinds } from '../domain/velocity/key-kind.js';

/** A list in a path. */
export const ListParam = Type.Enum([...listNames]);

/** A kind of key in a path. */
export const KindParam = Type.Enum([...keyKinds]);

/** A key in a path, percent-encoded where it must be. */
export const ValueParam = Type.String({ minLength: 1, maxLength: 128 });

/** Who changes a list, and why: the body of a PUT, the query of a DELETE. */
export const ListChangeText = Type.Object(
  {
    by: Type.String({ minLength: 1, maxLength: 128 }),
    reason: Type.String({ minLength: 1, maxLength: 500 }),
  },
  { additionalProperties: false },
);

/** Query of `GET /lists/:list`: entries after `cursor`, of one kind or of all, that count or were removed. */
export const ListEntriesQuery = Type.Object(
  {
    kind: Type.Optional(KindParam),
    state: Type.Optional(Type.Enum(['present', 'removed'])),
    cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 800 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  },
  { additionalProperties: false },
);

/** Where a page of entries ended. */
export const EntryPlace = Type.Object({ kind: KindParam, value: ValueParam });

/** An entry of a list. */
export const ListEntryAnswer = Type.Object({
  list: ListParam,
  kind: KindParam,
  value: Type.String(),
  reason: Type.String(),
  addedBy: Type.String(),
  addedAt: schemaTypes.Instant(),
  removedReason: Type.Optional(Type.String()),
  removedBy: Type.Optional(Type.String()),
  removedAt: Type.Optional(schemaTypes.Instant()),
});

/** An entry as HTTP tells it. */
export type ListEntryAnswer = Static<typeof ListEntryAnswer>;

/** A page of a list; `nextCursor` is there when more follow. */
export const ListPageAnswer = Type.Object({
  items: Type.Array(ListEntryAnswer),
  nextCursor: Type.Optional(Type.String()),
});

/** A page of a list; `nextCursor` is there when more follow. */
export type ListPageAnswer = Static<typeof ListPageAnswer>;
