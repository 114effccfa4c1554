import { ProblemError } from '@millrace/service/http';
import type { OrderCursor } from '../store/order.store.js';

const SHAPE =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}[+-]\d\d(?::\d\d)?)\|([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** A cursor as callers hand it back: text that means nothing to them. */
export function cursorText({ placedAt, id }: OrderCursor): string {
  return Buffer.from(`${placedAt}|${id}`).toString('base64url');
}

/** Reads a cursor; throws a 422 problem for text that no page has answered with. */
export function cursorOf(text: string): OrderCursor {
  const [, placedAt, id] = SHAPE.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (placedAt !== undefined && id !== undefined && Number.isFinite(Date.parse(normalised(placedAt)))) {
    return { placedAt, id };
  }
  throw new ProblemError({
    status: 422,
    code: 'invalid-request',
    title: 'Invalid request',
    errors: [{ path: '/cursor', message: 'must be the nextCursor of a page before; leave it out to begin' }],
  });
}

/** JavaScript reads offsets only with minutes. */
function normalised(instant: string): string {
  return /[+-]\d\d$/.test(instant) ? `${instant}:00` : instant;
}
