import {
  consumerView,
  FraudAssessed,
  OrderCancelled,
  OrderCreated,
  OrderExpired,
  OrderRejected,
  type ViewData,
} from '@millrace/contracts';
import { EventConsumer, EventContext, OnEvent, type EventBatch } from '@millrace/messaging';
import { Outbox } from '@millrace/outbox';
import { assessedPayload } from './domain/assessed-payload.js';
import { ReviewStore } from './reviews/review.store.js';
import { AssessmentStore } from './store/assessment.store.js';

/** What fraud reads of an order. */
export const OrderToAssess = consumerView(OrderCreated, [
  'orderId',
  'customerId',
  'currency',
  'totalMinor',
  'placedAt',
  'payment',
  'client',
]);

const Cancelled = consumerView(OrderCancelled, ['orderId']);
const Expired = consumerView(OrderExpired, ['orderId']);
const Rejected = consumerView(OrderRejected, ['orderId']);

type Batch<View> = EventBatch<ViewData<View>>;

/** Judges every accepted order, a batch in one transaction; batches are small because its keys stay locked. */
@EventConsumer({ group: 'fraud', ordering: 'key', batchRecords: 250 })
export class FraudConsumer {
  constructor(
    private readonly assessments: AssessmentStore,
    private readonly reviews: ReviewStore,
    private readonly outbox: Outbox,
  ) {}

  @OnEvent(OrderToAssess)
  async assess({ events }: Batch<typeof OrderToAssess>, { tx }: EventContext): Promise<void> {
    const now = new Date();
    const requests = events.map((cause) => ({
      ...cause.data,
      // Postgres writes uuids in lower case: ids are compared in its spelling.
      orderId: cause.data.orderId.toLowerCase(),
      eventId: cause.id,
      traceId: cause.traceId,
      cause,
    }));
    const answers = await this.assessments.assessAll(requests, now, tx);
    const told = this.outbox.append(
      answers.map(({ request, decision }) => ({
        event: FraudAssessed,
        data: assessedPayload(decision),
        cause: request.cause,
      })),
      tx,
    );
    const opened = answers.flatMap(({ decision: { orderId, outcome }, isNew }, index) => {
      const event = told[index];
      if (!isNew || outcome !== 'review' || !event) return [];
      return [{ orderId, eventId: event.id, traceparent: event.traceparent }];
    });
    this.reviews.open(opened, now, tx);
  }

  @OnEvent(Cancelled)
  cancelled({ events }: Batch<typeof Cancelled>, { tx }: EventContext): void {
    this.close(events, 'cancelled', tx);
  }

  @OnEvent(Expired)
  expired({ events }: Batch<typeof Expired>, { tx }: EventContext): void {
    this.close(events, 'expired', tx);
  }

  @OnEvent(Rejected)
  rejected({ events }: Batch<typeof Rejected>, { tx }: EventContext): void {
    this.close(events, 'rejected', tx);
  }

  private close(
    events: readonly { readonly data: { readonly orderId: string } }[],
    ending: string,
    tx: EventContext['tx'],
  ): void {
    const because = ending === 'expired' ? 'the order expired' : `the order was ${ending}`;
    const endings = new Map(events.map(({ data }) => [data.orderId.toLowerCase(), because]));
    this.reviews.close(endings, new Date(), tx);
  }
}
