import type { PlacedOrder } from '../store/placed-order.js';
import type { OrderAnswer } from './orders.schema.js';

/** An order as every endpoint answers with it. */
export function orderAnswer(order: PlacedOrder): OrderAnswer {
  const { id, eventId, status, customerId, region, currency, totalMinor, lines, placedAt, traceId } = order;
  return {
    id,
    eventId,
    status,
    customerId,
    region,
    currency,
    totalMinor,
    lines: [...lines],
    placedAt: placedAt.toISOString(),
    traceId,
  };
}
