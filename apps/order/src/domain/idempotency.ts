/** What a caller says so that a repeated request does not place a second order. */
export interface Idempotency {
  /** The caller's Idempotency-Key: 1 to 255 visible ASCII characters. */
  readonly key: string;
  /** SHA-256 of the request's body, whatever the order of its fields. */
  readonly fingerprint: Buffer;
}

/** A key and the order that it stands for. */
export interface KnownKey extends Idempotency {
  readonly orderId: string;
}

/** Why a request with an Idempotency-Key is not served: another body had the key, or its first request still runs. */
export type IdempotencyConflict = 'key-reused' | 'key-in-flight';

/** The request's key cannot be used. */
export class IdempotencyConflictError extends Error {
  override readonly name = 'IdempotencyConflictError';

  constructor(readonly code: IdempotencyConflict) {
    super(`idempotency: ${code}`);
  }
}
