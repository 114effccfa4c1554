import { consumerView, OrderCreated, type ViewData } from '@millrace/contracts';
import { EventConsumer, EventContext, OnEvent, type EventBatch } from '@millrace/messaging';
import { addOrders } from './store/add-orders.sql.js';

/** What the feature store reads of an order. */
export const OrderToFeature = consumerView(OrderCreated, [
  'orderId',
  'customerId',
  'currency',
  'totalMinor',
  'placedAt',
]);

/** Adds every accepted order to its customer's features: one statement per batch. */
@EventConsumer({ group: 'feature-store', ordering: 'key' })
export class FeatureStoreConsumer {
  @OnEvent(OrderToFeature)
  async add({ events }: EventBatch<ViewData<typeof OrderToFeature>>, { tx }: EventContext): Promise<void> {
    addOrders(
      tx,
      events.map(({ id, data: { totalMinor, ...order } }) => ({
        ...order,
        eventId: id,
        sumMinor: totalMinor,
      })),
    );
  }
}
