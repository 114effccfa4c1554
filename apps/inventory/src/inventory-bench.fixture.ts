import { randomUUID } from 'node:crypto';
import { classifyError, EventContext, type ReceivedEvent } from '@millrace/messaging';
import { Outbox } from '@millrace/outbox';
import { Transactions } from '@millrace/persistence';
import { contextFromTraceparent } from '@millrace/telemetry';
import { createTestDatabase, type TestDatabase } from '@millrace/testing';
import { InventoryConfig } from './inventory.config.js';
import { InventoryConsumer } from './inventory.consumer.js';
import { HoldEndings } from './lifecycle/hold-endings.js';
import { Reservations } from './lifecycle/reservations.js';
import { Shipments } from './lifecycle/shipments.js';
import { migrations } from './migrations/index.js';
import { FIND_DIFFERENCES, type StockDifference } from './store/reconcile.sql.js';
import { ReservationLineEntity } from './store/reservation-line.entity.js';
import { ReservationEntity } from './store/reservation.entity.js';
import { ReservationStore } from './store/reservation.store.js';
import { StockEntity } from './store/stock.entity.js';
import { StockStore } from './store/stock.store.js';

/** Units of a SKU that an order wants. */
export type Line = [sku: string, quantity: number];

/** An order's event as the consumer gets it. */
export type OrderEvent = ReceivedEvent<{
  orderId: string;
  lines: { sku: string; quantity: number; unitPriceMinor: number }[];
}>;

/** Ways in which an order ends, as the consumer's methods are called. */
export type Ending = 'confirmed' | 'rejected' | 'cancelled' | 'expired';

/** Trace that every made-up event belongs to. */
export const BENCH_TRACE = '0af7651916cd43dd8448eb211c80319c';

/** Time after which holds of the bench expire. */
export const BENCH_TTL_MS = 90_000_000;

/** An event of the outbox. */
export interface Told {
  readonly topic: string;
  readonly aggregate_id: string;
  readonly causation_id: string;
  readonly payload: string;
  readonly trace: string;
}

/** Everything that inventory does with stock, on a database of its own. */
export class InventoryBench {
  readonly transactions: Transactions;
  readonly stock: StockStore;
  readonly reservations: ReservationStore;
  readonly endings: HoldEndings;
  readonly shipments: Shipments;
  readonly consumer: InventoryConsumer;
  /** Conflicts after which a handler ran again. */
  readonly conflicts: unknown[] = [];

  private constructor(readonly database: TestDatabase) {
    const outbox = new Outbox();
    this.transactions = new Transactions(database.dataSource);
    this.stock = new StockStore(this.transactions, outbox);
    this.reservations = new ReservationStore(this.transactions);
    this.endings = new HoldEndings(this.transactions, outbox);
    this.shipments = new Shipments(this.transactions);
    const config = new InventoryConfig(BENCH_TTL_MS, 600_000);
    this.consumer = new InventoryConsumer(new Reservations(outbox, config), this.endings);
  }

  static async open(postgres: string, poolSize = 8): Promise<InventoryBench> {
    const entities = [StockEntity, ReservationEntity, ReservationLineEntity];
    const database = await createTestDatabase(postgres, {
      schema: 'inventory',
      migrations,
      entities,
      poolSize,
    });
    return new InventoryBench(database);
  }

  close(): Promise<void> {
    return this.database.drop();
  }

  async empty(): Promise<void> {
    await this.database.dataSource.query('TRUNCATE stock, movement, reservation, reservation_line, outbox');
  }

  /** Counts units on hand. */
  async count(levels: Readonly<Record<string, number>>): Promise<void> {
    for (const [sku, onHand] of Object.entries(levels)) await this.stock.recount(sku, { onHand }, new Date());
  }

  /** Hands orders to the consumer as one batch. */
  create(events: readonly OrderEvent[]): Promise<void> {
    return this.handle((context) => this.consumer.reserve({ events }, context));
  }

  /** Tells the consumer in one batch that orders have ended; resolves with the events that said so. */
  async end(how: Ending, orderIds: readonly string[]): Promise<ReceivedEvent<{ orderId: string }>[]> {
    const events = orderIds.map((orderId) => anEvent(`order.${how}`, { orderId }));
    await this.handle((context) => this.consumer[how]({ events }, context));
    return events;
  }

  /** Runs a handler in a transaction, and again after a conflict, as the runtime does. */
  private async handle(work: (context: EventContext) => Promise<void>): Promise<void> {
    for (;;) {
      try {
        return await this.transactions.run((tx) => work(new EventContext(tx, 'inventory')));
      } catch (error) {
        if (classifyError(error) !== 'conflict') throw error;
        this.conflicts.push(error);
      }
    }
  }

  /** Places an order of its own; resolves with its id. */
  async hold(...lines: Line[]): Promise<string> {
    const event = orderEvent(lines);
    await this.create([event]);
    return event.data.orderId;
  }

  /** Where orders stand, in their order; null for one of which nothing is known. */
  async statuses(orderIds: readonly string[]): Promise<(string | null)[]> {
    const rows = await this.rows<{ status: string | null }>(
      `SELECT status FROM unnest($1::uuid[]) WITH ORDINALITY AS asked (order_id, position)
         LEFT JOIN reservation USING (order_id) ORDER BY position`,
      [orderIds],
    );
    return rows.map(({ status }) => status);
  }

  /** The outbox, in order. */
  told(topic = '%'): Promise<Told[]> {
    return this.rows<Told>(
      `SELECT topic, aggregate_id, causation_id, payload, split_part(traceparent, '-', 2) AS trace
         FROM outbox WHERE topic LIKE $1 ORDER BY id`,
      [topic],
    );
  }

  /** SKUs whose state is not what their movements, or their orders, add up to. */
  differences(): Promise<StockDifference[]> {
    return this.rows(FIND_DIFFERENCES);
  }

  rows<Row extends object>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.transactions.read<Row>(sql, parameters);
  }
}

/** An `order.created` as the consumer gets it. */
export function orderEvent(lines: readonly Line[], orderId: string = randomUUID()): OrderEvent {
  return anEvent('order.created', {
    orderId,
    lines: lines.map(([sku, quantity]) => ({ sku, quantity, unitPriceMinor: 100 })),
  });
}

/** An event of an id of its own in the bench's trace. */
export function anEvent<Data extends { orderId: string }>(type: string, data: Data): ReceivedEvent<Data> {
  const id = randomUUID();
  return {
    id,
    type,
    source: '/millrace/order',
    occurredAt: new Date(),
    causationId: id,
    key: data.orderId,
    data,
    context: contextFromTraceparent(`00-${BENCH_TRACE}-00000000000000a1-01`),
    traceId: BENCH_TRACE,
    topic: type,
    partition: 0,
    offset: 0n,
  };
}
