import { KeyHash } from '../../../apps/fraud/src/store/key-hash.js';
import type { BenchDatabase } from '../watch/bench-database.js';

/** Secret that the keys of this benchmark are hashed with. */
export const BENCH_SECRET = 'bench';

/** Orders lie that far back, evenly, so that the window of an hour ends in the midst of them: ends are read row by row. */
const SPREAD_MS = 65 * 60_000;

const ACTIVITY = `
  INSERT INTO fraud.activity (key, placed_at, total_minor, currency)
  SELECT $1::uuid, now() - (number * $3::double precision / $2) * interval '1 millisecond', 100, 'EUR'
    FROM generate_series(1, $2::integer) AS number`;

const TILES = `
  INSERT INTO fraud.activity_minute (key, minute, currency, orders, sum_minor, least_minor)
  SELECT key, date_trunc('minute', placed_at), currency, count(*), sum(total_minor), min(total_minor)
    FROM fraud.activity WHERE key = $1 GROUP BY 1, 2, 3`;

/** Gives a customer so many orders, as if they had been decided one by one. */
export async function placeOrders(
  database: BenchDatabase,
  customerId: string,
  orders: number,
): Promise<void> {
  const key = new KeyHash(BENCH_SECRET).of('customer', customerId);
  await database.rows(ACTIVITY, [key, orders, SPREAD_MS]);
  await database.rows(TILES, [key]);
}

/** Forgets all orders and decisions. */
export async function clearOrders(database: BenchDatabase): Promise<void> {
  await database.rows('TRUNCATE fraud.activity, fraud.activity_minute, fraud.assessment');
}

/** Orders of a customer in the hour before and after a moment, counted row by row. */
export function ordersAround(database: BenchDatabase, customerId: string, moment: string): Promise<number> {
  const key = new KeyHash(BENCH_SECRET).of('customer', customerId);
  return database.number(
    `SELECT count(*) FROM fraud.activity
      WHERE key = $1 AND placed_at BETWEEN $2::timestamptz - interval '1 hour' AND $2::timestamptz + interval '1 hour'`,
    [key, moment],
  );
}

/** Milliseconds that Postgres takes to count a customer's window row by row, which tiles spare. */
export async function rowByRowMs(database: BenchDatabase, customerId: string): Promise<number> {
  const key = new KeyHash(BENCH_SECRET).of('customer', customerId);
  const [answer] = await database.rows<{ 'QUERY PLAN': [{ 'Execution Time': number }] }>(
    `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON)
     SELECT count(*), sum(total_minor) FROM fraud.activity
      WHERE key = '${key}' AND placed_at BETWEEN now() - interval '1 hour' AND now() + interval '1 hour'`,
  );
  return answer?.['QUERY PLAN'][0]['Execution Time'] ?? Number.NaN;
}
