import { RetryableError } from '@millrace/messaging';

/** A word is younger than its order can take to be seen, and the order is not here: it is tried again. */
export class OrderUnseenError extends RetryableError {
  override readonly code = 'ORDER_UNSEEN';
  override readonly name = 'OrderUnseenError';

  constructor(orderId: string) {
    super(`order ${orderId} cannot be seen yet`);
  }
}
