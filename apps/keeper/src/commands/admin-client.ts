import { Client } from 'pg';
import { UnreachableError } from './unreachable.error.js';

const CONNECT_WITHIN_MS = 10_000;

/** Runs `work` on one connection as ADMIN_DATABASE_URL says and ends it; throws `UnreachableError` without one. */
export async function withAdminClient<Result>(
  connectionString: string,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = new Client({
    connectionString,
    application_name: 'keeper',
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
  });
  // a connection that is lost fails the query that waits on it; without a listener it would end the process first
  client.on('error', () => undefined);
  await client.connect().catch((error: unknown) => {
    throw new UnreachableError('Postgres', 'ADMIN_DATABASE_URL', error);
  });
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
