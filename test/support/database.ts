import pg from 'pg';

/** Opens a small pool on a database; every suite ends its own. */
export function openPool(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 4 });
  // The outage tests stop Postgres on purpose; the next query connects again.
  pool.on('error', () => undefined);
  return pool;
}

/** Rows of one statement. */
export async function rowsOf<Row extends pg.QueryResultRow>(
  pool: pg.Pool,
  sql: string,
  parameters: unknown[] = [],
): Promise<Row[]> {
  return (await pool.query<Row>(sql, parameters)).rows;
}

/** The one number that a statement answers with. */
export async function count(pool: pg.Pool, sql: string, parameters: unknown[] = []): Promise<number> {
  const [row] = await rowsOf<{ n: string }>(pool, sql, parameters);
  return Number(row?.n);
}
