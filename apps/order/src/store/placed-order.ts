import type { Order } from '../domain/order.js';

/** An order as it is kept: with the event that told of it and that event's trace. */
export interface PlacedOrder extends Order {
  /** Id of its `order.created`, `ce_id` on the log. */
  readonly eventId: string;
  /** Trace of the request that placed it, 32 hex digits. */
  readonly traceId: string;
}
