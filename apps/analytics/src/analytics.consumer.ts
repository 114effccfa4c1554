import { consumerView, OrderCreated, type ViewData } from '@millrace/contracts';
import { EventConsumer, EventContext, OnEvent, type EventBatch } from '@millrace/messaging';
import { addOrders } from './store/add-orders.sql.js';

/** What analytics reads of an order. */
export const OrderToCount = consumerView(OrderCreated, [
  'orderId',
  'region',
  'currency',
  'totalMinor',
  'placedAt',
]);

/** Counts every accepted order once, in whatever order they come: one statement per batch. */
@EventConsumer({ group: 'analytics', ordering: 'none' })
export class AnalyticsConsumer {
  @OnEvent(OrderToCount)
  async count({ events }: EventBatch<ViewData<typeof OrderToCount>>, { tx }: EventContext): Promise<void> {
    await addOrders(
      tx,
      events.map(({ id, data: { totalMinor, ...order } }) => ({
        ...order,
        eventId: id,
        revenueMinor: totalMinor,
      })),
    );
  }
}
