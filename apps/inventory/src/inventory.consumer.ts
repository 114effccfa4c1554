import { consumerView, OrderCreated, type ViewData } from '@millrace/contracts';
import { EventConsumer, EventContext, OnEvent, type EventBatch } from '@millrace/messaging';
import { Outbox } from '@millrace/outbox';
import { outcomeEvent } from './domain/outcome-event.js';
import { ReservationStore } from './store/reservation.store.js';

/** What inventory reads of an order. */
export const OrderToReserve = consumerView(OrderCreated, ['orderId', 'lines']);

/** Holds stock for every accepted order, a batch in one transaction, and answers each with its outcome. */
@EventConsumer({ group: 'inventory', ordering: 'key' })
export class InventoryConsumer {
  constructor(
    private readonly reservations: ReservationStore,
    private readonly outbox: Outbox,
  ) {}

  @OnEvent(OrderToReserve)
  async reserve(
    { events }: EventBatch<ViewData<typeof OrderToReserve>>,
    { tx }: EventContext,
  ): Promise<void> {
    const requests = events.map((cause) => ({
      // Postgres writes uuids in lower case: ids are compared in its spelling.
      orderId: cause.data.orderId.toLowerCase(),
      eventId: cause.id,
      lines: cause.data.lines,
      cause,
    }));
    const answers = await this.reservations.reserveAll(requests, new Date(), tx);
    this.outbox.append(
      answers.map(({ request, decision }) => ({ ...outcomeEvent(decision), cause: request.cause })),
      tx,
    );
  }
}
