import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@millrace/testing/runtime';
import type pg from 'pg';
import { openPool, rowsOf } from '../support/database.js';
import { killAndAwait } from '../support/fleet.js';
import { orderBody, post, type PlacedOrder } from '../support/orders.js';

const KILLS = 20;
const CALLERS = 32;
/** Orders that are answered between two kills at least. */
const ORDERS_BETWEEN = 100;
const RUN = `kill-${randomUUID().slice(0, 8)}`;

/** A caller's order: its key is also its customer, so that every order of it can be found. */
interface Answered {
  readonly key: string;
  readonly id: string;
  readonly tries: number;
}

describe('the order service killed twenty times under load', () => {
  let pool: pg.Pool;

  beforeAll(async () => {
    await stack.startServices(['order']);
    pool = openPool(stack.postgres);
  });

  afterAll(() => pool?.end());

  it('keeps every order that it answered, with one event, and none twice under one key', async () => {
    const answered: Answered[] = [];
    let calling = true;
    const callers = Array.from({ length: CALLERS }, async () => {
      while (calling) answered.push(await placeUntilAnswered(`${RUN}-${randomUUID()}`));
    });
    try {
      for (let kill = 0; kill < KILLS; kill += 1) {
        const before = answered.length;
        await eventually(() => expect(answered.length).toBeGreaterThanOrEqual(before + ORDERS_BETWEEN));
        await killAndAwait('order');
      }
    } finally {
      calling = false;
    }
    await Promise.all(callers);

    // Not a load that the kills missed: some orders were asked for again because nobody had answered.
    expect(answered.filter(({ tries }) => tries > 1).length).toBeGreaterThanOrEqual(KILLS);
    expect(await missing(answered)).toEqual([]);
    expect(await wrong()).toEqual({ twice: [], withoutOneEvent: [], half: [], orphans: [] });
    const [total] = await rowsOf<{ orders: number }>(
      pool,
      `SELECT count(*)::int AS orders FROM "order".orders WHERE customer_id LIKE $1`,
      [`${RUN}-%`],
    );
    expect(total).toEqual({ orders: answered.length });
  }, 1_800_000);

  /** Asks until there is a 201: the same key and body, as a caller does that was cut off. */
  async function placeUntilAnswered(key: string): Promise<Answered> {
    for (let tries = 1; ; tries += 1) {
      const answer = await post(
        `${stack.services['order']}/orders`,
        orderBody({ customerId: key, customer: {} }),
        {
          'idempotency-key': key,
        },
      ).catch(() => undefined);
      if (answer?.status === 201) return { key, id: ((await answer.json()) as PlacedOrder).id, tries };
      if (answer && ![409, 503].includes(answer.status)) {
        throw new Error(`POST /orders answered ${answer.status}: ${await answer.text()}`);
      }
      await answer?.body?.cancel();
      await pause(50);
    }
  }

  /** Answered orders that the database does not hold under their key. */
  function missing(orders: readonly Answered[]): Promise<object[]> {
    return rowsOf(
      pool,
      `SELECT asked.id FROM unnest($1::uuid[], $2::text[]) AS asked (id, key)
         LEFT JOIN "order".orders o ON o.id = asked.id AND o.customer_id = asked.key
        WHERE o.id IS NULL`,
      [orders.map(({ id }) => id), orders.map(({ key }) => key)],
    );
  }

  /** What must not be, by ids. */
  async function wrong(): Promise<Record<string, object[]>> {
    const ask = (sql: string) => rowsOf(pool, sql, [`${RUN}-%`]);
    return {
      twice: await ask(
        `SELECT customer_id FROM "order".orders WHERE customer_id LIKE $1 GROUP BY 1 HAVING count(*) > 1`,
      ),
      withoutOneEvent: await ask(
        `SELECT o.id FROM "order".orders o LEFT JOIN "order".outbox b
             ON b.aggregate_id = o.id::text AND b.topic = 'order.created'
          WHERE o.customer_id LIKE $1 GROUP BY o.id HAVING count(b.id) <> 1 OR min(b.id::text) <> min(o.event_id::text)`,
      ),
      half: await ask(
        `SELECT o.id FROM "order".orders o
          WHERE o.customer_id LIKE $1
            AND (NOT EXISTS (SELECT FROM "order".order_line l WHERE l.order_id = o.id)
              OR NOT EXISTS (SELECT FROM "order".idempotency_key k WHERE k.order_id = o.id AND k.key = o.customer_id))`,
      ),
      orphans: await ask(
        `SELECT b.id FROM "order".outbox b
          WHERE b.topic = 'order.created' AND b.payload::jsonb ->> 'customerId' LIKE $1
            AND NOT EXISTS (SELECT FROM "order".orders o WHERE o.id::text = b.aggregate_id)`,
      ),
    };
  }
});
