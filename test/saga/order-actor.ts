import {
  FraudAssessed,
  FraudReviewed,
  InventoryRejected,
  InventoryReleased,
  InventoryReserved,
  OrderCreated,
} from '@millrace/contracts';
import { endingEvent } from '../../apps/order/src/domain/ending-event.js';
import { checksAfter, type Signal } from '../../apps/order/src/domain/order-checks.js';
import {
  cancel,
  expire,
  receive,
  type Ending,
  type OrderLife,
} from '../../apps/order/src/domain/order-life.js';
import { orderCreated, type Order, type OrderStatus } from '../../apps/order/src/domain/order.js';
import type { EventLog, SagaEvent, Tell } from './event-log.js';
import { SagaService, type Fate, type Handler } from './saga-service.js';

/** An order as its service keeps it. */
interface OrderRow {
  readonly order: Order;
  status: OrderStatus;
  deadline: number;
  /** Words that counted, in their order. */
  readonly counted: Signal[];
}

const ASSESSED = { approve: 'fraud-approved', decline: 'fraud-declined', review: 'fraud-in-review' } as const;
const REVIEWED = { approve: 'review-approved', decline: 'review-declined' } as const;

/** The order service over its own rules: places, hears, cancels and expires. */
export class OrderActor extends SagaService<{ orders: Map<string, OrderRow> }> {
  protected readonly handlers = {
    [FraudAssessed.topic]: this.hearing(({ data }) => ASSESSED[(data as FraudAssessed).outcome]),
    [FraudReviewed.topic]: this.hearing(({ data }) => REVIEWED[(data as FraudReviewed).outcome]),
    [InventoryReserved.topic]: this.hearing(() => 'stock-reserved'),
    [InventoryRejected.topic]: this.hearing(() => 'stock-rejected'),
    [InventoryReleased.topic]: this.hearing(() => 'stock-released'),
  };

  constructor(
    log: EventLog,
    private readonly deadlines: { readonly checksMs: number; readonly reviewMs: number },
  ) {
    super(log, { orders: new Map() });
  }

  place(order: Order, now: number): void {
    this.transact('commits', (tell) => {
      const deadline = now + this.deadlines.checksMs;
      this.state.orders.set(order.id, { order, status: 'pending', deadline, counted: [] });
      tell(OrderCreated, orderCreated(order), now);
    });
  }

  /** Tells an order a second time, as another event. */
  tellAgain(orderId: string, now: number): void {
    const row = this.state.orders.get(orderId);
    if (row) this.transact('commits', (tell) => tell(OrderCreated, orderCreated(row.order), now));
  }

  cancel(orderId: string, fate: Fate, now: number): void {
    this.transact(fate, (tell) => {
      const row = this.state.orders.get(orderId);
      if (row) end(row, cancel(lifeOf(row)).ending, now, tell);
    });
  }

  sweep(fate: Fate, now: number): void {
    this.transact(fate, (tell) => {
      for (const row of this.state.orders.values()) end(row, expire(lifeOf(row), now), now, tell);
    });
  }

  statuses(): ReadonlyMap<string, OrderStatus> {
    return new Map([...this.state.orders].map(([id, { status }]) => [id, status]));
  }

  /** When the last of those that wait is to end, whatever is heard. */
  lastDeadline(): number | undefined {
    const waiting = [...this.state.orders.values()].filter(({ status }) => status === 'pending');
    return waiting.length > 0 ? Math.max(...waiting.map(({ deadline }) => deadline)) : undefined;
  }

  private hearing(signalOf: (event: SagaEvent) => Signal): Handler {
    return (events, tell, now) => {
      for (const event of events) {
        const row = this.state.orders.get(event.orderId);
        const signal = signalOf(event);
        const heard = row && receive(lifeOf(row), signal, now, this.deadlines.reviewMs);
        if (heard?.effect !== 'counted') continue;
        row?.counted.push(signal);
        if (row) row.deadline = heard.life.deadline;
        if (row) end(row, heard.ending, now, tell);
      }
    };
  }
}

function lifeOf({ status, deadline, counted }: OrderRow): OrderLife {
  return { status, checks: checksAfter(counted), deadline };
}

function end(row: OrderRow, ending: Ending | undefined, now: number, tell: Tell): void {
  if (!ending) return;
  row.status = ending.status;
  const { event, data } = endingEvent(row.order, ending, new Date(now));
  tell(event, data, now);
}
