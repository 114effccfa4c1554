import {
  OrderCancelled,
  OrderConfirmed,
  OrderExpired,
  OrderRejected,
  type EventDefinition,
} from '@millrace/contracts';
import type { Ending } from './order-life.js';
import type { Order } from './order.js';

/** What the events of an order's end tell of it. */
export type EndedOrder = Pick<Order, 'id' | 'customerId' | 'region' | 'currency' | 'totalMinor'>;

/** An event to be told, checked against its contract when it is appended. */
export interface EndingEvent {
  readonly event: EventDefinition;
  readonly data: OrderConfirmed | OrderRejected | OrderCancelled | OrderExpired;
}

/** The event that tells how an order ended. */
export function endingEvent(order: EndedOrder, ending: Ending, at: Date): EndingEvent {
  const { id: orderId, customerId, region, currency, totalMinor } = order;
  const common = { orderId, customerId, region, currency, totalMinor };
  const instant = at.toISOString();
  switch (ending.status) {
    case 'confirmed':
      return { event: OrderConfirmed, data: { ...common, confirmedAt: instant } };
    case 'rejected':
      return { event: OrderRejected, data: { ...common, reason: ending.reason, rejectedAt: instant } };
    case 'cancelled': {
      const reason = ending.reason === undefined ? {} : { reason: ending.reason };
      return { event: OrderCancelled, data: { ...common, ...reason, cancelledAt: instant } };
    }
    case 'expired':
      return { event: OrderExpired, data: { ...common, missing: [...ending.missing], expiredAt: instant } };
  }
}
