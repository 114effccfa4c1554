import { OrderCreated } from '@millrace/contracts';
import type { Transaction } from '@millrace/messaging';
import type { CaptureGate, Outbox } from '@millrace/outbox';
import { unavailable } from '@millrace/service/http';
import type { Context } from '@millrace/telemetry';
import { orderCreated, type Order } from '../domain/order.js';
import type { OrderStore } from '../store/order.store.js';
import type { PlacedOrder } from '../store/placed-order.js';

/** An order with the trace context of the request that wants it. */
export interface WantedOrder {
  readonly order: Order;
  readonly context: Context;
}

/** Where orders and their events are written. */
export interface OrderDesk {
  readonly outbox: Outbox;
  readonly orders: OrderStore;
}

/** Throws a 503 problem while the events of orders would not be captured. */
export async function assertCaptured(gate: CaptureGate): Promise<void> {
  if (await gate.open()) return;
  throw unavailable('capture-not-ready', 'Change data capture is not set up yet, so no order can be taken.');
}

/** Writes orders, their lines and their `order.created` within the caller's transaction; answers in the same order. */
export function placeOrders(
  { outbox, orders }: OrderDesk,
  wanted: readonly WantedOrder[],
  tx: Transaction,
): PlacedOrder[] {
  const events = outbox.append(
    wanted.map(({ order, context }) => ({
      event: OrderCreated,
      data: orderCreated(order),
      cause: { context },
    })),
    tx,
  );
  const placed = events.flatMap(({ id, traceparent }, index) => {
    const one = wanted[index];
    // A traceparent is version-traceid-spanid-flags.
    return one ? [{ ...one.order, eventId: id, traceId: traceparent.split('-')[1] ?? '' }] : [];
  });
  orders.insertAll(placed, tx);
  return placed;
}
