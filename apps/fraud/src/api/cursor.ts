import { checker, ProblemError } from '@millrace/service/http';
import type { Static, TSchema } from 'typebox';

/** A cursor as callers hand it back: text that means nothing to them. */
export function cursorText(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** A reader of cursors that lead to such a place; it throws a 422 problem for text that no page has answered with. */
export function cursorReader<Schema extends TSchema>(schema: Schema): (text: string) => Static<Schema> {
  const check = checker(schema);
  return (text) => {
    const checked = check(jsonOf(Buffer.from(text, 'base64url').toString()));
    if (!checked.errors) return checked.value;
    throw new ProblemError({
      status: 422,
      code: 'invalid-request',
      title: 'Invalid request',
      errors: [
        { path: '/cursor', message: 'must be the nextCursor of a page before; leave it out to begin' },
      ],
    });
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
