import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@millrace/testing/runtime';
import type pg from 'pg';
import { count, openPool, rowsOf } from '../support/database.js';
import { eventTrail } from '../support/event-trail.js';
import { putStock, ready } from '../support/fleet.js';
import { orderBody, placeOrders } from '../support/orders.js';
import { InventoryCrew, reconcile } from './support/inventory-crew.js';
import { newSeed, random } from './support/random.js';

const PROCESSES = 8;
const ORDERS = 1_200;
const UNITS = 300;
/** Times that somebody is killed and somebody leaves and comes again, while orders are decided. */
const LEAST_ROUNDS = 6;
const SKU = `LAST-${randomUUID().slice(0, 8)}`;

describe('the last units of a SKU', () => {
  let pool: pg.Pool;
  let crew: InventoryCrew | undefined;

  beforeAll(async () => {
    await ready();
    pool = openPool(stack.postgres);
    await putStock(SKU, UNITS);
    crew = await InventoryCrew.of(PROCESSES);
  });

  afterAll(async () => {
    await crew?.leave();
    await pool?.end();
  });

  it('are sold to exactly as many of 1,200 orders by 8 processes that are killed and rebalanced', async () => {
    const seed = newSeed();
    const next = random(seed);
    const before = await deadlocks();
    let placing = true;
    let rounds = 0;
    let index = 0;
    const load = placeOrders({
      url: () => stack.services['order'] ?? '',
      connections: 8,
      rate: 40,
      until: (accepted) => accepted >= ORDERS && rounds >= LEAST_ROUNDS,
      body: () => bodyOf((index += 1)),
    }).finally(() => (placing = false));
    // Nobody is killed twice before something was decided in between: a group without members proves nothing.
    while (placing) {
      const decided = await decidedOrders();
      await crew?.kill(next);
      await crew?.shuffle(next);
      await eventually(
        async () => {
          if (placing && (await decidedOrders()) === decided) throw new Error('nothing was decided');
        },
        { everyMs: 100 },
      );
      rounds += 1;
    }
    const accepted = await load;
    expect(accepted.length).toBeGreaterThanOrEqual(ORDERS);
    await crew?.settle();

    const placed = await count(
      pool,
      `SELECT count(DISTINCT order_id) AS n FROM "order".order_line WHERE sku = $1`,
      [SKU],
    );
    await eventually(
      async () =>
        expect({ seed, waiting: await waiting(), ends: await ends() }).toEqual({
          seed,
          waiting: [],
          ends: [
            { order: 'confirmed', hold: 'confirmed', told: 1, orders: UNITS },
            { order: 'rejected', hold: 'rejected', told: 1, orders: placed - UNITS },
          ],
        }),
      { withinMs: 120_000, everyMs: 500 },
    );
    expect(await rowsOf(pool, `SELECT on_hand, reserved FROM inventory.stock WHERE sku = $1`, [SKU])).toEqual(
      [{ on_hand: UNITS, reserved: UNITS }],
    );
    expect(await reconcile()).toEqual({ code: 0, output: 'Stock, ledger and reservations agree.\n' });
    expect(await deadlocks()).toEqual(before);
  });

  function decidedOrders(): Promise<number> {
    return count(pool, `SELECT count(*) AS n FROM inventory.reservation`);
  }

  /** How many orders for the SKU ended how, here and there, and by how many answers of inventory. */
  function ends(): Promise<object[]> {
    return rowsOf(
      pool,
      `SELECT o.status AS order, r.status AS hold, told.answers AS told, count(*)::int AS orders
         FROM (SELECT DISTINCT order_id AS id FROM "order".order_line WHERE sku = $1) placed
         JOIN "order".orders o USING (id)
         LEFT JOIN inventory.reservation r ON r.order_id = o.id
         CROSS JOIN LATERAL (
           SELECT count(*)::int AS answers FROM inventory.outbox
            WHERE aggregate_id = o.id::text AND topic LIKE 'inventory.re%') told
        GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
      [SKU],
    );
  }

  /** Orders that wait, with what was said of them: the first thing that one wants to know when some do for ever. */
  async function waiting(): Promise<object[]> {
    const orders = await rowsOf<{ id: string }>(
      pool,
      `SELECT o.id, o.status, r.status AS hold, a.outcome AS fraud,
              ARRAY (SELECT signal || ' ' || effect FROM "order".order_feedback f WHERE f.order_id = o.id) AS heard
         FROM (SELECT DISTINCT order_id AS id FROM "order".order_line WHERE sku = $1) placed
         JOIN "order".orders o USING (id)
         LEFT JOIN inventory.reservation r ON r.order_id = o.id
         LEFT JOIN fraud.assessment a ON a.order_id = o.id
        WHERE o.status = 'pending' OR r.status = 'held'
        LIMIT 5`,
      [SKU],
    );
    const steps = await eventTrail(
      pool,
      orders.map(({ id }) => id),
    );
    return orders.map((order) => ({ ...order, trail: steps.filter(({ orderId }) => orderId === order.id) }));
  }

  /** Deadlocks that Postgres has counted and written into its log since it was started. */
  async function deadlocks(): Promise<{ counted: number; logged: number }> {
    const [row] = await rowsOf<{ n: string; data: string }>(
      pool,
      `SELECT deadlocks AS n, current_setting('data_directory') AS data
         FROM pg_stat_database WHERE datname = current_database()`,
    );
    const log = readFileSync(join(dirname(dirname(row?.data ?? '')), 'logs', 'postgres.log'), 'utf8');
    return { counted: Number(row?.n), logged: log.split('deadlock detected').length - 1 };
  }
});

/** An order for one of the last units beside others that many orders share, named in ever another order. */
function bodyOf(index: number): Record<string, unknown> {
  const line = (sku: string, quantity: number) => ({ sku, quantity, unitPriceMinor: 100 });
  const lines = [line('MUG-BLUE', 1), line(SKU, 1), line('TEE-M', 2), line('BOOK-1', 1)];
  const turned = [...lines.slice(index % 4), ...lines.slice(0, index % 4)];
  return orderBody({ lines: index % 2 ? turned : turned.toReversed() });
}
