import type { ClientBase } from 'pg';

/** Advisory lock of this database that whoever changes the fleet's objects holds (the bytes of `millrace`). */
const KEEPER_LOCK = '7883951835720016741';

/** Waits for the keepers' lock and holds it until the transaction ends. */
export async function lockForTransaction(client: ClientBase): Promise<void> {
  await client.query('SELECT pg_advisory_xact_lock($1::bigint)', [KEEPER_LOCK]);
}

/** Waits for the keepers' lock and holds it while `work` runs, over several transactions of this session. */
export async function withSessionLock<Result>(
  client: ClientBase,
  work: () => Promise<Result>,
): Promise<Result> {
  await client.query('SELECT pg_advisory_lock($1::bigint)', [KEEPER_LOCK]);
  try {
    return await work();
  } finally {
    await client.query('SELECT pg_advisory_unlock($1::bigint)', [KEEPER_LOCK]);
  }
}
