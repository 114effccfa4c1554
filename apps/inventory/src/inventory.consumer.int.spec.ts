import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ViewData } from '@millrace/contracts';
import { EventContext, type ReceivedEvent } from '@millrace/messaging';
import { Outbox } from '@millrace/outbox';
import { Transactions } from '@millrace/persistence';
import { ROOT_CONTEXT } from '@millrace/telemetry';
import { createTestDatabase, type TestDatabase } from '@millrace/testing';
import { InventoryConsumer, OrderToReserve } from './inventory.consumer.js';
import { migrations } from './migrations/index.js';
import { ReservationLineEntity } from './store/reservation-line.entity.js';
import { ReservationEntity } from './store/reservation.entity.js';
import { ReservationStore } from './store/reservation.store.js';
import { StockEntity } from './store/stock.entity.js';
import { StockStore } from './store/stock.store.js';

type Order = ReceivedEvent<ViewData<typeof OrderToReserve>>;
type Line = [sku: string, quantity: number];

const CONNECTIONS = 8;

let database: TestDatabase;
let transactions: Transactions;
let stock: StockStore;
let consumer: InventoryConsumer;

beforeAll(async () => {
  database = await createTestDatabase(stack.postgres, {
    schema: 'inventory',
    migrations,
    entities: [StockEntity, ReservationEntity, ReservationLineEntity],
    poolSize: CONNECTIONS,
  });
  transactions = new Transactions(database.dataSource);
  stock = new StockStore(transactions);
  consumer = new InventoryConsumer(new ReservationStore(transactions), new Outbox());
});

afterAll(() => database.drop());

beforeEach(async () => {
  await database.dataSource.query('TRUNCATE stock, movement, reservation, reservation_line, outbox');
});

function order(lines: readonly Line[], orderId: string = randomUUID()): Order {
  const id = randomUUID();
  return {
    id,
    type: 'order.created',
    source: '/millrace/order',
    occurredAt: new Date(),
    causationId: id,
    key: orderId,
    data: {
      orderId,
      lines: lines.map(([sku, quantity]) => ({ sku, quantity, unitPriceMinor: 100 })),
    },
    context: ROOT_CONTEXT,
    traceId: '0af7651916cd43dd8448eb211c80319c',
    topic: 'order.created',
    partition: 0,
    offset: 0n,
  };
}

function handle(events: readonly Order[]): Promise<void> {
  return transactions.run((tx) => consumer.reserve({ events }, new EventContext(tx, 'inventory')));
}

async function count(levels: Readonly<Record<string, number>>): Promise<void> {
  for (const [sku, onHand] of Object.entries(levels)) await stock.recount(sku, onHand, new Date());
}

function statuses(orders: readonly Order[]): Promise<string[]> {
  return transactions
    .read<{ status: string }>(
      `SELECT status FROM unnest($1::uuid[]) WITH ORDINALITY AS asked (order_id, position)
         JOIN reservation USING (order_id) ORDER BY position`,
      [orders.map(({ data }) => data.orderId)],
    )
    .then((rows) => rows.map(({ status }) => status));
}

interface Told {
  readonly topic: string;
  readonly aggregate_id: string;
  readonly causation_id: string;
  readonly payload: string;
}

function told(): Promise<Told[]> {
  return transactions.read<Told>('SELECT topic, aggregate_id, causation_id, payload FROM outbox ORDER BY id');
}

/** SKUs whose state is not what their movements, or their held orders, add up to. */
function unreconciled(): Promise<object[]> {
  return transactions.read(`
    SELECT s.sku
      FROM stock s
      LEFT JOIN (SELECT sku, sum(on_hand_change) AS on_hand, sum(reserved_change) AS reserved
                   FROM movement GROUP BY sku) m USING (sku)
      LEFT JOIN (SELECT sku, sum(quantity) AS held FROM reservation_line GROUP BY sku) h USING (sku)
     WHERE s.on_hand <> coalesce(m.on_hand, 0) OR s.reserved <> coalesce(m.reserved, 0)
        OR s.reserved <> coalesce(h.held, 0)`);
}

describe('a batch of orders', () => {
  it('is decided in its order, and each order is told with its own cause', async () => {
    await count({ MUG: 3, TEE: 10 });
    const orders = [
      order([
        ['TEE', 1],
        ['MUG', 2],
      ]),
      order([
        ['MUG', 2],
        ['TEE', 1],
      ]),
      order([['MUG', 1]]),
      order([['NONE', 1]]),
    ];
    await handle(orders);

    expect(await statuses(orders)).toEqual(['held', 'rejected', 'held', 'rejected']);
    expect(await stock.find('MUG')).toMatchObject({ onHand: 3, reserved: 3 });
    expect(await stock.find('TEE')).toMatchObject({ onHand: 10, reserved: 1 });
    const events = await told();
    expect(events.map(({ topic }) => topic)).toEqual([
      'inventory.reserved',
      'inventory.rejected',
      'inventory.reserved',
      'inventory.rejected',
    ]);
    expect(events.map((event) => event.aggregate_id)).toEqual(orders.map(({ data }) => data.orderId));
    expect(events.map((event) => event.causation_id)).toEqual(orders.map(({ id }) => id));
    expect(await unreconciled()).toEqual([]);
  });

  it('leaves nothing when its transaction fails', async () => {
    await count({ MUG: 5 });
    const failing = transactions.run(async (tx) => {
      await consumer.reserve({ events: [order([['MUG', 1]])] }, new EventContext(tx, 'inventory'));
      throw new Error('forced');
    });
    await expect(failing).rejects.toThrow('forced');
    expect(await told()).toEqual([]);
    expect(await stock.find('MUG')).toMatchObject({ reserved: 0 });
    expect(await unreconciled()).toEqual([]);
  });

  it('may be as large as 500 orders', async () => {
    await count({ A: 400, B: 10_000, C: 10_000 });
    const orders = Array.from({ length: 500 }, (_, index) =>
      order([
        ['A', 1],
        [index % 2 ? 'B' : 'C', 3],
      ]),
    );
    await handle(orders);

    const held = (await statuses(orders)).map((status) => status === 'held');
    expect(held).toEqual(orders.map((_, index) => index < 400));
    expect(await told()).toHaveLength(500);
    expect(await unreconciled()).toEqual([]);
  });
});

describe('a second event of an order', () => {
  it('is answered with the stored outcome, whatever the stock is by now', async () => {
    await count({ MUG: 1, TEE: 0 });
    const held = order([['MUG', 1]]);
    const rejected = order([['TEE', 1]]);
    await handle([held, rejected]);
    await count({ TEE: 100 });
    const again = [held, rejected].map(({ data }) => ({ ...order([]), data, key: data.orderId }));
    await handle(again);

    const events = await told();
    expect(events.map(({ topic }) => topic)).toEqual([
      'inventory.reserved',
      'inventory.rejected',
      'inventory.reserved',
      'inventory.rejected',
    ]);
    expect(events.slice(2).map(({ payload }) => payload)).toEqual(
      events.slice(0, 2).map(({ payload }) => payload),
    );
    expect(events.slice(2).map((event) => event.causation_id)).toEqual(again.map(({ id }) => id));
    expect(await stock.find('MUG')).toMatchObject({ reserved: 1 });
    expect(await stock.find('TEE')).toMatchObject({ reserved: 0 });
    expect(await unreconciled()).toEqual([]);
  });

  it('is recognised however its id is spelled', async () => {
    await count({ MUG: 5 });
    const first = order([['MUG', 1]]);
    const spelled = order([['MUG', 1]], first.data.orderId.toUpperCase());
    await handle([first, spelled]);
    await handle([order([['MUG', 1]], first.data.orderId.toUpperCase())]);

    expect(await stock.find('MUG')).toMatchObject({ reserved: 1 });
    expect(new Set((await told()).map((event) => event.aggregate_id))).toEqual(new Set([first.data.orderId]));
  });
});

describe('many transactions at once', () => {
  it('sell exactly the last 300 units to 1,200 orders, and none deadlocks', async () => {
    await count({
      LAST: 300,
      ...Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`S${n}`, 1_000_000])),
    });
    const orders = Array.from({ length: 1_200 }, (_, index) => {
      const others: Line[] = [
        [`S${(index * 7) % 20}`, 1],
        [`S${(index * 11 + 3) % 20}`, 2],
      ];
      return order(index % 2 ? [...others, ['LAST', 1]] : [['LAST', 1], ...others.toReversed()]);
    });
    const batches = Array.from({ length: 48 }, (_, index) => orders.slice(index * 25, index * 25 + 25));
    await Promise.all(batches.map(handle));

    const sold = (await statuses(orders)).filter((status) => status === 'held');
    expect(sold).toHaveLength(300);
    expect(await stock.find('LAST')).toMatchObject({ onHand: 300, reserved: 300 });
    expect(await told()).toHaveLength(1_200);
    expect(await unreconciled()).toEqual([]);
  });

  it('hold an order once when two of its events meet', async () => {
    await count({ MUG: 100 });
    const first = order([['MUG', 1]]);
    const events = Array.from({ length: CONNECTIONS }, () => ({ ...order([]), data: first.data }));
    await Promise.all(events.map((event) => handle([event])));

    expect(await stock.find('MUG')).toMatchObject({ reserved: 1 });
    expect(await told()).toHaveLength(CONNECTIONS);
  });
});
