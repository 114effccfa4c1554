import {
  consumerView,
  FraudAssessed,
  FraudReviewed,
  InventoryRejected,
  InventoryReleased,
  InventoryReserved,
  type ViewData,
} from '@millrace/contracts';
import {
  EventConsumer,
  EventContext,
  FatalError,
  OnEvent,
  type EventBatch,
  type ReceivedEvent,
} from '@millrace/messaging';
import type { Signal } from './domain/order-checks.js';
import { OrderLifecycle } from './lifecycle/order-lifecycle.js';

const Assessed = consumerView(FraudAssessed, ['orderId', 'outcome']);
const Reviewed = consumerView(FraudReviewed, ['orderId', 'outcome']);
const Reserved = consumerView(InventoryReserved, ['orderId']);
const Rejected = consumerView(InventoryRejected, ['orderId']);
const Released = consumerView(InventoryReleased, ['orderId']);

const ASSESSED: Readonly<Record<string, Signal>> = {
  approve: 'fraud-approved',
  decline: 'fraud-declined',
  review: 'fraud-in-review',
};
const REVIEWED: Readonly<Record<string, Signal>> = { approve: 'review-approved', decline: 'review-declined' };

type Batch<View> = EventBatch<ViewData<View>>;

/** Hears what the checks say of the orders, a batch in one transaction, and lets them settle. */
@EventConsumer({ group: 'order', ordering: 'key' })
export class OrderConsumer {
  constructor(private readonly lifecycle: OrderLifecycle) {}

  @OnEvent(Assessed)
  assessed({ events }: Batch<typeof Assessed>, { tx }: EventContext): Promise<void> {
    return this.hear(events, (event) => known(ASSESSED, event.data.outcome, event.type), tx);
  }

  @OnEvent(Reviewed)
  reviewed({ events }: Batch<typeof Reviewed>, { tx }: EventContext): Promise<void> {
    return this.hear(events, (event) => known(REVIEWED, event.data.outcome, event.type), tx);
  }

  @OnEvent(Reserved)
  reserved({ events }: Batch<typeof Reserved>, { tx }: EventContext): Promise<void> {
    return this.hear(events, () => 'stock-reserved', tx);
  }

  @OnEvent(Rejected)
  rejected({ events }: Batch<typeof Rejected>, { tx }: EventContext): Promise<void> {
    return this.hear(events, () => 'stock-rejected', tx);
  }

  @OnEvent(Released)
  released({ events }: Batch<typeof Released>, { tx }: EventContext): Promise<void> {
    return this.hear(events, () => 'stock-released', tx);
  }

  private hear<Event extends ReceivedEvent<{ orderId: string }>>(
    events: readonly Event[],
    signalOf: (event: Event) => Signal,
    tx: EventContext['tx'],
  ): Promise<void> {
    const batch = events.map((event) => ({
      // Postgres writes uuids in lower case: ids are compared in its spelling.
      orderId: event.data.orderId.toLowerCase(),
      signal: signalOf(event),
      event,
    }));
    return this.lifecycle.hearAll(batch, new Date(), tx);
  }
}

/** The signal of an outcome; one that a newer producer invented cannot be guessed, so the event becomes a dead letter. */
function known(signals: Readonly<Record<string, Signal>>, outcome: string, type: string): Signal {
  const signal = signals[outcome];
  if (!signal) throw new FatalError(`${type} has the outcome ${outcome}, which this version does not know`);
  return signal;
}
