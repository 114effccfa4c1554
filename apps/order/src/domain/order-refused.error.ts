/** Why a well-formed order cannot be placed. */
export type OrderRefusal = 'unknown-currency' | 'price-conflict' | 'total-too-large' | 'unknown-instant';

/** An order that is well formed and yet makes no sense; `path` is the JSON Pointer of the place. */
export class OrderRefusedError extends Error {
  constructor(
    readonly code: OrderRefusal,
    readonly path: string,
    message: string,
  ) {
    super(message);
    this.name = 'OrderRefusedError';
  }
}
