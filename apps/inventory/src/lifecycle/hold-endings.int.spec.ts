import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Transaction } from '@millrace/messaging';
import { permutations } from '@millrace/testing/runtime';
import {
  BENCH_TRACE,
  BENCH_TTL_MS,
  InventoryBench,
  orderEvent,
  type Ending,
} from '../inventory-bench.fixture.js';

let bench: InventoryBench;

beforeAll(async () => {
  bench = await InventoryBench.open(stack.postgres);
});
afterAll(() => bench.close());
beforeEach(() => bench.empty());

const later = () => new Date(Date.now() + BENCH_TTL_MS + 60_000);

async function held(count: number, sku = 'MUG'): Promise<string[]> {
  const events = Array.from({ length: count }, () => orderEvent([[sku, 2]]));
  await bench.create(events);
  return events.map(({ data }) => data.orderId);
}

describe('a batch of endings', () => {
  it('frees what is held and tells it with the cause, and only that', async () => {
    await bench.count({ MUG: 10, TEE: 10 });
    const first = await bench.hold(['MUG', 2], ['TEE', 1]);
    const second = await bench.hold(['MUG', 3]);
    const rejected = await bench.hold(['MUG', 99]);
    const events = await bench.end('rejected', [first, rejected, second, first]);

    expect(await bench.statuses([first, second, rejected])).toEqual(['released', 'released', 'rejected']);
    expect(await bench.stock.find('MUG')).toMatchObject({ onHand: 10, reserved: 0 });
    const told = await bench.told('inventory.released');
    expect(told.map(({ aggregate_id: id, causation_id: cause, trace }) => [id, cause, trace])).toEqual([
      [first, events[0]?.id, BENCH_TRACE],
      [second, events[2]?.id, BENCH_TRACE],
    ]);
    expect(JSON.parse(told[0]?.payload ?? '')).toMatchObject({
      orderId: first,
      reason: 'order-rejected',
      lines: [
        { sku: 'MUG', quantity: 2 },
        { sku: 'TEE', quantity: 1 },
      ],
    });
    expect(await bench.differences()).toEqual([]);
  });

  it('confirms what is held, which then no other ending frees', async () => {
    await bench.count({ MUG: 10 });
    const ids = await held(3);
    await bench.end('confirmed', [...ids, ...ids]);
    for (const how of ['confirmed', 'cancelled', 'expired', 'rejected'] as const) await bench.end(how, ids);
    expect(await bench.endings.expireDue(later(), 10)).toBe(0);
    expect(await bench.statuses(ids)).toEqual(['confirmed', 'confirmed', 'confirmed']);
    expect(await bench.told('inventory.released')).toEqual([]);
    expect(await bench.stock.find('MUG')).toMatchObject({ reserved: 6 });
    expect(await bench.differences()).toEqual([]);
  });

  it('leaves nothing when its transaction fails', async () => {
    await bench.count({ MUG: 10 });
    const ids = await held(2);
    const failing = bench.transactions.run(async (tx) => {
      const events = ids.map((orderId) => ({ orderId, event: orderEvent([], orderId) }));
      await bench.endings.releaseAll('order-expired', events, new Date(), tx);
      throw new Error('forced');
    });
    await expect(failing).rejects.toThrow('forced');
    expect(await bench.statuses(ids)).toEqual(['held', 'held']);
    expect(await bench.told('inventory.released')).toEqual([]);
    expect(await bench.differences()).toEqual([]);
  });
});

describe('an ending that comes before its order', () => {
  it.each(['cancelled', 'rejected', 'expired'] as const)(
    '(%s) lets it hold nothing, and every order.created is told so with the same words',
    async (how) => {
      await bench.count({ MUG: 10 });
      const orders = [orderEvent([['MUG', 1]]), orderEvent([['MUG', 1]])] as const;
      const early = orders[0].data.orderId;
      await bench.end(how, [early, early]);
      await bench.create(orders);
      await bench.create([{ ...orderEvent([]), data: orders[0].data }]);

      expect(await bench.statuses([early, orders[1].data.orderId])).toEqual(['rejected', 'held']);
      expect(await bench.stock.find('MUG')).toMatchObject({ reserved: 1 });
      const told = (await bench.told()).filter(({ aggregate_id: id }) => id === early);
      expect(told.map(({ topic }) => topic)).toEqual(['inventory.rejected', 'inventory.rejected']);
      expect(JSON.parse(told[0]?.payload ?? '')).toMatchObject({ reason: 'order-ended', shortages: [] });
      expect(told[1]?.payload).toBe(told[0]?.payload);
      expect(await bench.differences()).toEqual([]);
    },
  );

  it('(confirmed) is kept: what the order then holds is confirmed at once', async () => {
    await bench.count({ MUG: 1 });
    const orders = [orderEvent([['MUG', 1]]), orderEvent([['MUG', 1]])] as const;
    const ids = orders.map(({ data }) => data.orderId);
    await bench.end('confirmed', ids);
    await bench.create(orders);
    await bench.end('confirmed', ids);
    expect(await bench.endings.expireDue(later(), 10)).toBe(0);
    expect(await bench.statuses(ids)).toEqual(['confirmed', 'rejected']);
    expect((await bench.told()).map(({ topic }) => topic)).toEqual([
      'inventory.reserved',
      'inventory.rejected',
    ]);
    expect(await bench.differences()).toEqual([]);
  });

  it('or with it, at the same time, leaves one outcome and frees what was held', async () => {
    await bench.count({ MUG: 1_000 });
    const orders = Array.from({ length: 60 }, () => orderEvent([['MUG', 1]]));
    const ids = orders.map(({ data }) => data.orderId);
    await Promise.all(
      orders.map(async (order, index) => {
        const ending = bench.end('cancelled', [ids[index] ?? '']);
        await Promise.all([bench.create([order]), ending]);
      }),
    );
    for (const status of await bench.statuses(ids)) expect(['released', 'rejected']).toContain(status);
    expect(await bench.stock.find('MUG')).toMatchObject({ reserved: 0 });
    const reserved = (await bench.told('inventory.reserved')).map((event) => event.aggregate_id);
    const released = (await bench.told('inventory.released')).map((event) => event.aggregate_id);
    expect(released.toSorted()).toEqual(reserved.toSorted());
    expect(await bench.differences()).toEqual([]);
  });
});

describe('a confirmation', () => {
  it('of an order that is held between its two looks runs again instead of being lost', async () => {
    await bench.count({ MUG: 10 });
    const order = orderEvent([['MUG', 1]]);
    const events = [{ orderId: order.data.orderId, event: order }];
    let statements = 0;
    const confirming = bench.transactions.run((tx) => {
      const meeting: Transaction = {
        query: async <Row extends object>(sql: string, parameters?: readonly unknown[]) => {
          if ((statements += 1) === 2) await bench.create([order]);
          return tx.query<Row>(sql, parameters);
        },
        write: (sql, parameters) => tx.write(sql, parameters),
      };
      return bench.endings.confirmAll(events, new Date(), meeting);
    });
    await expect(confirming).rejects.toMatchObject({ code: '40001' });
    await bench.end('confirmed', [order.data.orderId]);
    expect(await bench.statuses([order.data.orderId])).toEqual(['confirmed']);
  });

  it('and its order, at the same time, confirm what is held, in either order', async () => {
    await bench.count({ MUG: 1_000 });
    const orders = Array.from({ length: 40 }, () => orderEvent([['MUG', 1]]));
    const ids = orders.map(({ data }) => data.orderId);
    await Promise.all(
      orders.flatMap((order) => [bench.create([order]), bench.end('confirmed', [order.data.orderId])]),
    );
    expect(new Set(await bench.statuses(ids))).toEqual(new Set(['confirmed']));
    expect(await bench.stock.find('MUG')).toMatchObject({ reserved: 40 });
    expect(await bench.differences()).toEqual([]);
  });
});

describe('the time of a hold', () => {
  it('ends it in its own trace, caused by its order, once', async () => {
    await bench.count({ MUG: 10 });
    const order = orderEvent([['MUG', 2]]);
    await bench.create([order]);
    expect(await bench.endings.expireDue(new Date(Date.now() + BENCH_TTL_MS - 60_000), 10)).toBe(0);
    expect(await bench.endings.expireDue(later(), 10)).toBe(1);
    expect(await bench.endings.expireDue(later(), 10)).toBe(0);
    const [told] = await bench.told('inventory.released');
    expect(told).toMatchObject({ causation_id: order.id, trace: BENCH_TRACE });
    expect(JSON.parse(told?.payload ?? '')).toMatchObject({ reason: 'hold-expired' });
    expect(await bench.stock.find('MUG')).toMatchObject({ reserved: 0 });
    expect(await bench.differences()).toEqual([]);
  });

  it('is up for as many as asked for, the oldest first', async () => {
    await bench.count({ MUG: 100 });
    await held(5);
    expect(await bench.endings.expireDue(later(), 3)).toBe(3);
    expect(await bench.endings.expireDue(later(), 3)).toBe(2);
  });

  it('against the confirmation, at the same time, leaves each order to one of them', async () => {
    await bench.count({ MUG: 1_000 });
    const ids = await held(120);
    const sweep = async () => {
      // A sweeper that loses a race looks again.
      await bench.endings.expireDue(later(), 20).catch((error: unknown) => {
        if (!(error instanceof Error && 'code' in error && error.code === '40001')) throw error;
      });
    };
    const confirm = Array.from({ length: 12 }, (_, index) => {
      const some = ids.slice(index * 10, index * 10 + 10);
      return bench.end('confirmed', index % 2 ? some : some.toReversed());
    });
    await Promise.all([...confirm, ...Array.from({ length: 12 }, sweep)]);

    const statuses = await bench.statuses(ids);
    const released = statuses.filter((status) => status === 'released').length;
    expect(statuses.filter((status) => status === 'confirmed')).toHaveLength(120 - released);
    expect(await bench.told('inventory.released')).toHaveLength(released);
    expect(await bench.stock.find('MUG')).toMatchObject({ reserved: 2 * (120 - released) });
    expect(await bench.differences()).toEqual([]);
  });
});

describe('every interleaving on the database', () => {
  const steps = ['created', 'confirmed', 'cancelled', 'sweep', 'ship'] as const;

  async function step(orderId: string, what: (typeof steps)[number]): Promise<void> {
    if (what === 'created') await bench.create([orderEvent([['MUG', 1]], orderId)]);
    else if (what === 'sweep') await bench.endings.expireDue(later(), 1);
    else if (what === 'ship') await bench.shipments.ship(orderId, new Date());
    else await bench.end(what, [orderId]);
  }

  it('of its order, its endings, its time and its shipment keeps stock and ledger together', async () => {
    await bench.count({ MUG: 1_000 });
    for (const order of permutations(steps)) {
      const orderId = randomUUID();
      for (const what of [...order, ...order]) await step(orderId, what);
      expect(['shipped', 'released', 'rejected']).toEqual(
        expect.arrayContaining(await bench.statuses([orderId])),
      );
    }
    const [{ shipped } = { shipped: 0 }] = await bench.rows<{ shipped: number }>(
      `SELECT count(*)::integer AS shipped FROM reservation WHERE status = 'shipped'`,
    );
    expect(shipped).toBeGreaterThan(0);
    expect(await bench.stock.find('MUG')).toMatchObject({ onHand: 1_000 - shipped, reserved: 0 });
    expect(await bench.differences()).toEqual([]);
  });

  it('of all of them at once, in batches that meet each other, deadlocks never', async () => {
    const deadlocks = () =>
      bench.rows<{ n: string }>(
        `SELECT deadlocks AS n FROM pg_stat_database WHERE datname = current_database()`,
      );
    await bench.count({ A: 1_000, B: 1_000, C: 1_000 });
    const skus = ['A', 'B', 'C'];
    const events = Array.from({ length: 90 }, (_, index) =>
      orderEvent([
        [skus[index % 3] ?? 'A', 1],
        [skus[(index + 1) % 3] ?? 'B', 1],
      ]),
    );
    const ids = events.map(({ data }) => data.orderId);
    const hows: Ending[] = ['confirmed', 'cancelled', 'expired', 'rejected'];
    await Promise.all([
      ...[0, 30, 60].map((from) => bench.create(events.slice(from, from + 30).toReversed())),
      ...hows.flatMap((how, index) =>
        [ids.slice(0, 60), ids.slice(30)].map((some) => bench.end(how, index % 2 ? some : some.toReversed())),
      ),
      ...ids.slice(0, 20).map((id) => bench.shipments.ship(id, new Date()).catch(() => undefined)),
    ]);
    await bench.end('cancelled', ids);
    expect(await bench.differences()).toEqual([]);
    expect(bench.conflicts.filter((error) => (error as { code?: string }).code === '40P01')).toEqual([]);
    expect(await deadlocks()).toEqual([{ n: '0' }]);
  });
});

describe('low stock', () => {
  it('is told once in the transaction that brings it, by the order that did, and again after it has risen', async () => {
    await bench.stock.recount('MUG', { onHand: 10, lowThreshold: 3 }, new Date());
    const orders = [orderEvent([['MUG', 4]]), orderEvent([['MUG', 3]]), orderEvent([['MUG', 1]])] as const;
    await bench.create(orders);
    const last = await bench.hold(['MUG', 1]);
    const low = await bench.told('inventory.low');
    expect(low).toMatchObject([{ aggregate_id: 'MUG', causation_id: orders[1].id, trace: BENCH_TRACE }]);
    expect(JSON.parse(low[0]?.payload ?? '')).toMatchObject({
      available: 2,
      threshold: 3,
      onHand: 10,
      reserved: 8,
    });

    await bench.end('cancelled', [last]);
    await bench.hold(['MUG', 1]);
    expect(await bench.told('inventory.low')).toHaveLength(1);
    await bench.end('cancelled', [orders[0].data.orderId]);
    await bench.hold(['MUG', 3]);
    expect(await bench.told('inventory.low')).toHaveLength(2);
    expect(await bench.differences()).toEqual([]);
  });

  it('is told of a count, an adjustment and a threshold, and not of a shipment', async () => {
    const low = async () => (await bench.told('inventory.low')).length;
    await bench.stock.recount('TEE', { onHand: 10, lowThreshold: 5 }, new Date());
    expect(await low()).toBe(0);
    await bench.stock.adjust('TEE', -5, 'broken', new Date());
    expect(await low()).toBe(1);
    await bench.stock.recount('TEE', { onHand: 9 }, new Date());
    await bench.stock.recount('TEE', { onHand: 4 }, new Date());
    expect(await low()).toBe(2);
    await bench.stock.recount('TEE', { onHand: 4, lowThreshold: null }, new Date());
    await bench.stock.recount('TEE', { onHand: 4, lowThreshold: 2 }, new Date());
    expect(await low()).toBe(2);
    await bench.stock.recount('TEE', { onHand: 4, lowThreshold: 4 }, new Date());
    expect(await low()).toBe(3);
    const id = await bench.hold(['TEE', 1]);
    await bench.end('confirmed', [id]);
    await bench.shipments.ship(id, new Date());
    expect(await low()).toBe(3);
    expect(await bench.differences()).toEqual([]);
  });
});
