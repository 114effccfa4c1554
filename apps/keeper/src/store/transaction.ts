import type { ClientBase } from 'pg';

/** Runs `work` in one transaction: commits its result, or rolls back and throws its error. */
export async function inTransaction<Result>(
  client: ClientBase,
  work: () => Promise<Result>,
): Promise<Result> {
  await client.query('BEGIN');
  try {
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    // a lost connection has rolled back already; the first error is the one to tell
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
