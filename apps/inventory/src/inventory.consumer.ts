import {
  consumerView,
  OrderCancelled,
  OrderConfirmed,
  OrderCreated,
  OrderExpired,
  OrderRejected,
  type ViewData,
} from '@millrace/contracts';
import {
  EventConsumer,
  EventContext,
  OnEvent,
  type EventBatch,
  type ReceivedEvent,
} from '@millrace/messaging';
import { HoldEndings, type HoldEvent } from './lifecycle/hold-endings.js';
import { Reservations } from './lifecycle/reservations.js';

/** What inventory reads of an order. */
export const OrderToReserve = consumerView(OrderCreated, ['orderId', 'lines']);

const Confirmed = consumerView(OrderConfirmed, ['orderId']);
const Rejected = consumerView(OrderRejected, ['orderId']);
const Cancelled = consumerView(OrderCancelled, ['orderId']);
const Expired = consumerView(OrderExpired, ['orderId']);

/** Events that name an order. */
export type OrderEvents = EventBatch<{ readonly orderId: string }>;

/**
 * Holds stock for every accepted order and hears how the order ends, a batch in one transaction. Stock is locked per
 * batch: a larger one spreads what a lock costs beside its rows over more orders.
 */
@EventConsumer({ group: 'inventory', ordering: 'key', batchRecords: 1_000 })
export class InventoryConsumer {
  constructor(
    private readonly reservations: Reservations,
    private readonly endings: HoldEndings,
  ) {}

  @OnEvent(OrderToReserve)
  async reserve(
    { events }: EventBatch<ViewData<typeof OrderToReserve>>,
    { tx }: EventContext,
  ): Promise<void> {
    const requests = events.map((cause) => ({
      orderId: orderIdOf(cause),
      eventId: cause.id,
      lines: cause.data.lines,
      cause,
    }));
    await this.reservations.reserveAll(requests, new Date(), tx);
  }

  @OnEvent(Confirmed)
  confirmed({ events }: OrderEvents, { tx }: EventContext): Promise<void> {
    return this.endings.confirmAll(events.map(heard), new Date(), tx);
  }

  @OnEvent(Rejected)
  rejected({ events }: OrderEvents, { tx }: EventContext): Promise<void> {
    return this.endings.releaseAll('order-rejected', events.map(heard), new Date(), tx);
  }

  @OnEvent(Cancelled)
  cancelled({ events }: OrderEvents, { tx }: EventContext): Promise<void> {
    return this.endings.releaseAll('order-cancelled', events.map(heard), new Date(), tx);
  }

  @OnEvent(Expired)
  expired({ events }: OrderEvents, { tx }: EventContext): Promise<void> {
    return this.endings.releaseAll('order-expired', events.map(heard), new Date(), tx);
  }
}

/** Postgres writes uuids in lower case: ids are compared in its spelling. */
function orderIdOf({ data }: ReceivedEvent<{ readonly orderId: string }>): string {
  return data.orderId.toLowerCase();
}

function heard(event: ReceivedEvent<{ readonly orderId: string }>): HoldEvent {
  return { orderId: orderIdOf(event), event };
}
