import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EventContext } from '@millrace/messaging';
import { InventoryBench, orderEvent, type Line, type OrderEvent } from './inventory-bench.fixture.js';

const CONNECTIONS = 8;

let bench: InventoryBench;

beforeAll(async () => {
  bench = await InventoryBench.open(stack.postgres, CONNECTIONS);
});
afterAll(() => bench.close());
beforeEach(() => bench.empty());

function idsOf(orders: readonly OrderEvent[]): string[] {
  return orders.map(({ data }) => data.orderId);
}

describe('a batch of orders', () => {
  it('is decided in its order, and each order is told with its own cause', async () => {
    await bench.count({ MUG: 3, TEE: 10 });
    const orders = [
      orderEvent([
        ['TEE', 1],
        ['MUG', 2],
      ]),
      orderEvent([
        ['MUG', 2],
        ['TEE', 1],
      ]),
      orderEvent([['MUG', 1]]),
      orderEvent([['NONE', 1]]),
    ];
    await bench.create(orders);

    expect(await bench.statuses(idsOf(orders))).toEqual(['held', 'rejected', 'held', 'rejected']);
    expect(await bench.stock.find('MUG')).toMatchObject({ onHand: 3, reserved: 3 });
    expect(await bench.stock.find('TEE')).toMatchObject({ onHand: 10, reserved: 1 });
    const events = await bench.told();
    expect(events.map(({ topic }) => topic)).toEqual([
      'inventory.reserved',
      'inventory.rejected',
      'inventory.reserved',
      'inventory.rejected',
    ]);
    expect(events.map((event) => event.aggregate_id)).toEqual(orders.map(({ data }) => data.orderId));
    expect(events.map((event) => event.causation_id)).toEqual(orders.map(({ id }) => id));
    expect(await bench.differences()).toEqual([]);
  });

  it('leaves nothing when its transaction fails', async () => {
    await bench.count({ MUG: 5 });
    const failing = bench.transactions.run(async (tx) => {
      await bench.consumer.reserve({ events: [orderEvent([['MUG', 1]])] }, new EventContext(tx, 'inventory'));
      throw new Error('forced');
    });
    await expect(failing).rejects.toThrow('forced');
    expect(await bench.told()).toEqual([]);
    expect(await bench.stock.find('MUG')).toMatchObject({ reserved: 0 });
    expect(await bench.differences()).toEqual([]);
  });

  it('may be as large as 500 orders', async () => {
    await bench.count({ A: 400, B: 10_000, C: 10_000 });
    const orders = Array.from({ length: 500 }, (_, index) =>
      orderEvent([
        ['A', 1],
        [index % 2 ? 'B' : 'C', 3],
      ]),
    );
    await bench.create(orders);

    const held = (await bench.statuses(idsOf(orders))).map((status) => status === 'held');
    expect(held).toEqual(orders.map((_, index) => index < 400));
    expect(await bench.told()).toHaveLength(500);
    expect(await bench.differences()).toEqual([]);
  });
});

describe('a second event of an order', () => {
  it('is answered with the stored outcome, whatever the stock is by now', async () => {
    await bench.count({ MUG: 1, TEE: 0 });
    const held = orderEvent([['MUG', 1]]);
    const rejected = orderEvent([['TEE', 1]]);
    await bench.create([held, rejected]);
    await bench.count({ TEE: 100 });
    const again = [held, rejected].map(({ data }) => ({ ...orderEvent([]), data, key: data.orderId }));
    await bench.create(again);

    const events = await bench.told();
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
    expect(await bench.stock.find('MUG')).toMatchObject({ reserved: 1 });
    expect(await bench.stock.find('TEE')).toMatchObject({ reserved: 0 });
    expect(await bench.differences()).toEqual([]);
  });

  it('is recognised however its id is spelled', async () => {
    await bench.count({ MUG: 5 });
    const first = orderEvent([['MUG', 1]]);
    const spelled = orderEvent([['MUG', 1]], first.data.orderId.toUpperCase());
    await bench.create([first, spelled]);
    await bench.create([orderEvent([['MUG', 1]], first.data.orderId.toUpperCase())]);

    expect(await bench.stock.find('MUG')).toMatchObject({ reserved: 1 });
    expect(new Set((await bench.told()).map((event) => event.aggregate_id))).toEqual(
      new Set([first.data.orderId]),
    );
  });
});

describe('many transactions at once', () => {
  it('sell exactly the last 300 units to 1,200 orders, and none deadlocks', async () => {
    await bench.count({
      LAST: 300,
      ...Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`S${n}`, 1_000_000])),
    });
    const orders = Array.from({ length: 1_200 }, (_, index) => {
      const others: Line[] = [
        [`S${(index * 7) % 20}`, 1],
        [`S${(index * 11 + 3) % 20}`, 2],
      ];
      return orderEvent(index % 2 ? [...others, ['LAST', 1]] : [['LAST', 1], ...others.toReversed()]);
    });
    const batches = Array.from({ length: 48 }, (_, index) => orders.slice(index * 25, index * 25 + 25));
    await Promise.all(batches.map((batch) => bench.create(batch)));

    const sold = (await bench.statuses(idsOf(orders))).filter((status) => status === 'held');
    expect(sold).toHaveLength(300);
    expect(await bench.stock.find('LAST')).toMatchObject({ onHand: 300, reserved: 300 });
    expect(await bench.told()).toHaveLength(1_200);
    expect(await bench.differences()).toEqual([]);
  });

  it('hold an order once when two of its events meet', async () => {
    await bench.count({ MUG: 100 });
    const first = orderEvent([['MUG', 1]]);
    const events = Array.from({ length: CONNECTIONS }, () => ({ ...orderEvent([]), data: first.data }));
    await Promise.all(events.map((event) => bench.create([event])));

    expect(await bench.stock.find('MUG')).toMatchObject({ reserved: 1 });
    expect(await bench.told()).toHaveLength(CONNECTIONS);
  });
});
