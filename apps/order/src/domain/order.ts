import type { OrderCreated } from '@millrace/contracts';
import { isCurrency } from './currency.js';
import { mergeLines, totalOf } from './order-lines.js';
import { OrderRefusedError } from './order-refused.error.js';

/** States of an order's life; `pending` until its checks have come in. */
export const orderStatuses = ['pending', 'confirmed', 'rejected', 'cancelled', 'expired'] as const;

/** State of an order. */
export type OrderStatus = (typeof orderStatuses)[number];

/** One line: a SKU, how many, and the price of one in the currency's minor unit. */
export type OrderLine = OrderCreated['lines'][number];

/** What the caller tells of the buyer; passed on to the consumers, not interpreted here. */
export type OrderDetails = Pick<OrderCreated, 'customer' | 'payment' | 'client'>;

/** A well-formed wish for an order. */
export interface OrderRequest extends OrderDetails {
  readonly customerId: string;
  readonly region: string;
  /** ISO 4217 code. */
  readonly currency: string;
  readonly lines: readonly OrderLine[];
}

/** An order: lines merged by SKU, total computed. */
export interface Order {
  /** uuidv7, or uuidv5 of an imported one; key of its events. */
  readonly id: string;
  readonly customerId: string;
  readonly region: string;
  readonly currency: string;
  readonly lines: readonly OrderLine[];
  /** Sum of all lines in minor units, at most 2^53 - 1. */
  readonly totalMinor: number;
  readonly status: OrderStatus;
  readonly details: OrderDetails;
  readonly placedAt: Date;
  /** The import that brought it. */
  readonly batchId?: string;
}

/** Makes the order of a request; throws `OrderRefusedError` where it makes no sense. */
export function newOrder(request: OrderRequest, identity: Pick<Order, 'id' | 'placedAt' | 'batchId'>): Order {
  const { customerId, region, currency, customer, payment, client } = request;
  if (!isCurrency(currency)) {
    throw new OrderRefusedError('unknown-currency', '/currency', 'must be the ISO 4217 code of a currency');
  }
  const lines = mergeLines(request.lines);
  return {
    ...identity,
    customerId,
    region,
    currency,
    lines,
    totalMinor: totalOf(lines),
    status: 'pending',
    details: {
      ...(customer === undefined ? {} : { customer }),
      ...(payment === undefined ? {} : { payment }),
      ...(client === undefined ? {} : { client }),
    },
  };
}

/** Payload of the order's `order.created`. */
export function orderCreated(order: Order): OrderCreated {
  const { id, customerId, region, currency, totalMinor, lines, placedAt, batchId, details } = order;
  return {
    orderId: id,
    customerId,
    region,
    currency,
    totalMinor,
    lines: [...lines],
    placedAt: placedAt.toISOString(),
    ...(batchId === undefined ? {} : { batchId }),
    ...details,
  };
}
