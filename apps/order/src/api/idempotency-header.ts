import { ProblemError } from '@millrace/service/http';
import type { IdempotencyConflict } from '../domain/idempotency.js';

const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * The Idempotency-Key of a request; undefined when it has none. Throws a 400 problem when it is malformed, or missing
 * although it is required.
 */
export function idempotencyKeyOf(header: unknown, required: boolean): string | undefined {
  if (header === undefined && !required) return undefined;
  if (header === undefined) {
    throw new ProblemError({
      status: 400,
      code: 'idempotency-key-missing',
      title: 'Idempotency-Key missing',
      detail: 'Send an Idempotency-Key of your choice, the same one whenever you repeat the request.',
    });
  }
  if (typeof header === 'string' && KEY.test(header)) return header;
  throw new ProblemError({
    status: 400,
    code: 'idempotency-key-invalid',
    title: 'Idempotency-Key invalid',
    detail: 'An Idempotency-Key has 1 to 255 visible ASCII characters.',
  });
}

/** The problem that a caller is told whose key cannot be used. */
export function idempotencyProblem(conflict: IdempotencyConflict): ProblemError {
  if (conflict === 'key-reused') {
    return new ProblemError({
      status: 422,
      code: 'idempotency-key-reused',
      title: 'Idempotency-Key reused',
      detail: 'This key stands for another order; send a new key with a new order.',
    });
  }
  return new ProblemError({
    status: 409,
    code: 'idempotency-key-in-flight',
    title: 'Idempotency-Key in use',
    detail: 'The first request with this key is still under way; repeat yours in a moment.',
    retryAfterSeconds: 1,
  });
}
