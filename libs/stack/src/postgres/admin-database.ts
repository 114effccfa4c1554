import { Client } from 'pg';

/** Name of the fleet's database. */
export const DATABASE = 'millrace';

const CONNECT_WITHIN_MS = 10_000;

/** Whether the server behind the URL answers a statement; throws what the connection threw. */
export async function answers(url: string): Promise<boolean> {
  return withClient(url, async (client) => (await client.query('SELECT 1')).rowCount === 1);
}

/** Makes the fleet's database when it does not exist; `url` leads to another database of the same server. */
export async function ensureDatabase(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  });
}

/** Version number (180004 for 18.4) and WAL level of a server. */
export async function serverFacts(url: string): Promise<{ version: number; walLevel: string }> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ version: string; wal_level: string }>(
      `SELECT current_setting('server_version_num') AS version, current_setting('wal_level') AS wal_level`,
    );
    return { version: Number(rows[0]?.version), walLevel: rows[0]?.wal_level ?? 'unknown' };
  });
}

/** Runs work on one connection of its own and closes it. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_WITHIN_MS });
  // A server that goes away while the connection closes is nobody's failure.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The same server and database for another user. */
export function urlAs(url: string, user: string, password: string, database?: string): string {
  const changed = new URL(url);
  changed.username = encodeURIComponent(user);
  changed.password = encodeURIComponent(password);
  if (database !== undefined) changed.pathname = `/${database}`;
  return changed.href;
}
