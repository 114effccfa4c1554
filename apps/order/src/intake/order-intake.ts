import { Injectable } from '@nestjs/common';
import { OrderCreated } from '@millrace/contracts';
import { CaptureGate, Outbox } from '@millrace/outbox';
import { Transactions } from '@millrace/persistence';
import { unavailable } from '@millrace/service/http';
import { activeContext, inSpan, type Context } from '@millrace/telemetry';
import { v7 as uuidv7 } from 'uuid';
import { newOrder, orderCreated, type Order, type OrderRequest } from '../domain/order.js';
import { OrderStore } from '../store/order.store.js';
import type { PlacedOrder } from '../store/placed-order.js';

/** An order on its way in, with the trace context of the request that wants it. */
export interface IncomingOrder {
  readonly order: Order;
  readonly context: Context;
}

/** Takes orders in: each with its lines and its event in one transaction, or not at all. */
@Injectable()
export class OrderIntake {
  constructor(
    private readonly transactions: Transactions,
    private readonly orders: OrderStore,
    private readonly outbox: Outbox,
    private readonly gate: CaptureGate,
  ) {}

  /**
   * Places one order. Throws `OrderRefusedError` when it makes no sense and a 503 problem while its event would not
   * be captured.
   */
  async place(request: OrderRequest): Promise<PlacedOrder> {
    const order = newOrder(request, { id: uuidv7(), placedAt: new Date() });
    return inSpan('order.place', async () => {
      if (!(await this.gate.open())) {
        throw unavailable(
          'capture-not-ready',
          'Change data capture is not set up yet, so no order can be taken.',
        );
      }
      const [placed] = await this.placeAll([{ order, context: activeContext() }]);
      if (!placed) throw new TypeError('placing one order must give one order');
      return placed;
    });
  }

  /** Places orders together: one transaction, one statement for their events, one for orders and lines. */
  async placeAll(incoming: readonly IncomingOrder[]): Promise<PlacedOrder[]> {
    return this.transactions.run(async (tx) => {
      const events = await this.outbox.append(
        incoming.map(({ order, context }) => ({
          event: OrderCreated,
          data: orderCreated(order),
          cause: { context },
        })),
        tx,
      );
      const placed = events.flatMap(({ id, traceparent }, index): PlacedOrder[] => {
        const order = incoming[index]?.order;
        // A traceparent is version-traceid-spanid-flags.
        return order ? [{ ...order, eventId: id, traceId: traceparent.split('-')[1] ?? '' }] : [];
      });
      await this.orders.insertAll(placed, tx);
      return placed;
    });
  }
}
