import { consumerView, OrderCreated, type ViewData } from '@millrace/contracts';
import { EventConsumer, EventContext, OnEvent, type EventBatch } from '@millrace/messaging';
import { confirmOrder } from './domain/order-confirmation.js';
import { NotificationConfig } from './notification.config.js';
import { enqueue } from './store/enqueue.sql.js';

/** What notification reads of an order. */
export const OrderToConfirm = consumerView(OrderCreated, [
  'orderId',
  'customerId',
  'currency',
  'totalMinor',
  'lines',
  'customer',
]);

/** Writes down, once per order, which mail goes to whom; the sender sends what is written. */
@EventConsumer({ group: 'notification', ordering: 'none' })
export class NotificationConsumer {
  constructor(private readonly config: NotificationConfig) {}

  @OnEvent(OrderToConfirm)
  async confirm(
    { events }: EventBatch<ViewData<typeof OrderToConfirm>>,
    { tx, outsideEffects }: EventContext,
  ): Promise<void> {
    enqueue(
      tx,
      events.map(({ id, data }) => ({
        ...confirmOrder(data, this.config.fallbackDomain),
        eventId: id,
        orderId: data.orderId,
      })),
      outsideEffects,
    );
  }
}
