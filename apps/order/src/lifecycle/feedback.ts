import type { ReceivedEvent } from '@millrace/messaging';
import type { Signal } from '../domain/order-checks.js';

/** A service's word about an order, with the event that brought it. */
export interface Feedback {
  readonly orderId: string;
  readonly signal: Signal;
  readonly event: ReceivedEvent;
}
