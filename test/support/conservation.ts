import type pg from 'pg';
import { rowsOf } from './database.js';

/** One consumer's effect of an order, as ids in its own schema. */
interface Effect {
  readonly group: string;
  readonly schema: string;
  /** Statement that yields one `order_id` for each effect that is complete. */
  readonly orders: string;
}

/** What each of the five services keeps of an order. */
export const effects: readonly Effect[] = [
  { group: 'analytics', schema: 'analytics', orders: `SELECT order_id FROM analytics.order_fact` },
  {
    group: 'notification',
    schema: 'notification',
    orders: `SELECT order_id FROM notification.notification WHERE state = 'sent'`,
  },
  { group: 'fraud', schema: 'fraud', orders: `SELECT order_id FROM fraud.assessment` },
  { group: 'inventory', schema: 'inventory', orders: `SELECT order_id FROM inventory.reservation` },
  {
    group: 'feature-store',
    schema: 'feature_store',
    orders: `SELECT order_id FROM feature_store.customer_order_event`,
  },
];

/** How the committed orders and one service's effects differ; every list is empty when the promise holds. */
export interface Difference {
  readonly group: string;
  /** Orders without an effect. */
  readonly missing: readonly string[];
  /** Orders with more than one. */
  readonly twice: readonly string[];
  /** Effects of orders that were never committed. */
  readonly unfounded: readonly string[];
  /** Committed events that have not taken effect, as the inbox knows it. */
  readonly unclaimed: readonly string[];
  /** Events that left the happy path and have not come back. */
  readonly failed: readonly string[];
}

/** Compares every committed order with every service's effects, by ids. */
export function differences(pool: pg.Pool): Promise<Difference[]> {
  return Promise.all(effects.map((effect) => differenceOf(pool, effect)));
}

/** What `differences` answers when every order took effect exactly once everywhere. */
export function noDifference(): Difference[] {
  return effects.map(({ group }) => ({
    group,
    missing: [],
    twice: [],
    unfounded: [],
    unclaimed: [],
    failed: [],
  }));
}

async function differenceOf(pool: pg.Pool, { group, schema, orders }: Effect): Promise<Difference> {
  const ids = async (sql: string): Promise<string[]> =>
    (await rowsOf<{ id: string }>(pool, `${sql} ORDER BY 1 LIMIT 20`)).map(({ id }) => id);
  return {
    group,
    missing: await ids(
      `SELECT o.id FROM "order".orders o WHERE NOT EXISTS (SELECT FROM (${orders}) e WHERE e.order_id = o.id)`,
    ),
    twice: await ids(`SELECT order_id AS id FROM (${orders}) e GROUP BY order_id HAVING count(*) > 1`),
    unfounded: await ids(
      `SELECT e.order_id AS id FROM (${orders}) e
        WHERE NOT EXISTS (SELECT FROM "order".orders o WHERE o.id = e.order_id)`,
    ),
    unclaimed: await ids(
      `SELECT b.id FROM "order".outbox b
        WHERE b.topic = 'order.created'
          AND NOT EXISTS (SELECT FROM ${schema}.inbox i
                           WHERE i.event_id = b.id AND i.processed_at IS NOT NULL)`,
    ),
    failed: await ids(
      `SELECT f.event_id AS id FROM ${schema}.failed_event f
         JOIN "order".outbox b ON b.id = f.event_id
        WHERE f.state <> 'resolved'`,
    ),
  };
}

/** Where stock and reservations contradict each other; empty when they agree and nothing is oversold. */
export async function stockContradictions(pool: pg.Pool): Promise<{ sku: string }[]> {
  return rowsOf<{ sku: string }>(
    pool,
    `SELECT s.sku, s.on_hand, s.reserved, coalesce(h.held, 0) AS held
       FROM inventory.stock s
       LEFT JOIN (SELECT l.sku, sum(l.quantity) AS held
                    FROM inventory.reservation_line l
                    JOIN inventory.reservation r USING (order_id)
                   WHERE r.status IN ('held', 'confirmed') GROUP BY l.sku) h USING (sku)
      WHERE s.reserved <> coalesce(h.held, 0) OR s.reserved > s.on_hand + s.backorder_limit`,
  );
}
