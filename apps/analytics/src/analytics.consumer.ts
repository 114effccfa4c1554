import {
  BatchChecksum,
  consumerView,
  OrderBatchBegun,
  OrderBatchEnded,
  OrderCreated,
  type ViewData,
} from '@millrace/contracts';
import { EventConsumer, EventContext, OnEvent, type EventBatch } from '@millrace/messaging';
import { addOrders } from './store/add-orders.sql.js';
import { announceBegun, announceEnded } from './store/announce-batches.sql.js';

/** What analytics reads of an order. */
export const OrderToCount = consumerView(OrderCreated, [
  'orderId',
  'region',
  'currency',
  'totalMinor',
  'placedAt',
  'batchId',
]);

/**
 * Counts every accepted order once, in whatever order they come, and keeps beside it what imports announce of their
 * batches: one statement per batch of events.
 */
@EventConsumer({ group: 'analytics', ordering: 'none' })
export class AnalyticsConsumer {
  @OnEvent(OrderToCount)
  async count({ events }: EventBatch<ViewData<typeof OrderToCount>>, { tx }: EventContext): Promise<void> {
    addOrders(
      tx,
      events.map(({ id, data: { totalMinor, batchId, ...order } }) => ({
        ...order,
        eventId: id,
        revenueMinor: totalMinor,
        ...(batchId === undefined
          ? {}
          : { batch: { id: batchId, hash: BatchChecksum.of([{ ...order, totalMinor }]).sum } }),
      })),
    );
  }

  @OnEvent(OrderBatchBegun)
  async begin({ events }: EventBatch<OrderBatchBegun>, { tx }: EventContext): Promise<void> {
    announceBegun(
      tx,
      events.map(({ data }) => data),
    );
  }

  @OnEvent(OrderBatchEnded)
  async end({ events }: EventBatch<OrderBatchEnded>, { tx }: EventContext): Promise<void> {
    announceEnded(
      tx,
      events.map(({ data }) => data),
    );
  }
}
