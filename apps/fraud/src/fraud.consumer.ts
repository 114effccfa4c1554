import { consumerView, FraudAssessed, OrderCreated, type ViewData } from '@millrace/contracts';
import { EventConsumer, EventContext, OnEvent, type EventBatch } from '@millrace/messaging';
import { Outbox } from '@millrace/outbox';
import { assessedPayload } from './domain/assessed-payload.js';
import { AssessmentStore } from './store/assessment.store.js';

/** What fraud reads of an order. */
export const OrderToAssess = consumerView(OrderCreated, [
  'orderId',
  'customerId',
  'currency',
  'totalMinor',
  'placedAt',
]);

/** Judges every accepted order, a batch in one transaction; batches are small because customers stay locked. */
@EventConsumer({ group: 'fraud', ordering: 'key', batchRecords: 250 })
export class FraudConsumer {
  constructor(
    private readonly assessments: AssessmentStore,
    private readonly outbox: Outbox,
  ) {}

  @OnEvent(OrderToAssess)
  async assess({ events }: EventBatch<ViewData<typeof OrderToAssess>>, { tx }: EventContext): Promise<void> {
    const requests = events.map((cause) => ({
      ...cause.data,
      // Postgres writes uuids in lower case: ids are compared in its spelling.
      orderId: cause.data.orderId.toLowerCase(),
      eventId: cause.id,
      traceId: cause.traceId,
      cause,
    }));
    const answers = await this.assessments.assessAll(requests, new Date(), tx);
    this.outbox.append(
      answers.map(({ request, decision }) => ({
        event: FraudAssessed,
        data: assessedPayload(decision),
        cause: request.cause,
      })),
      tx,
    );
  }
}
