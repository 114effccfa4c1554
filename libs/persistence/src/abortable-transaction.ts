import type { Client } from 'pg';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';

/**
 * Runs work in a transaction that a signal can end: its connection is then destroyed, whatever it is doing, and the
 * answer is the signal's reason at once, also when the work goes on. What it asks of the database later fails.
 */
export async function abortableTransaction<Result>(
  dataSource: DataSource,
  work: (manager: EntityManager) => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  signal.throwIfAborted();
  const runner = dataSource.createQueryRunner();
  const aborted = Promise.withResolvers<never>();
  const abort = () => {
    aborted.reject(signal.reason);
    void destroy(runner);
  };
  signal.addEventListener('abort', abort, { once: true });
  const commit = async () => {
    try {
      return await runner.manager.transaction(work);
    } finally {
      // Once released, the connection is somebody else's. After an abort it was released as broken, and this is nothing.
      signal.removeEventListener('abort', abort);
      await runner.release();
    }
  };
  return Promise.race([commit(), aborted.promise]);
}

/**
 * Ends the connection without a goodbye, which a server that hangs would never answer. The error is what the driver
 * itself emits for a broken socket, only later: whoever holds the connection releases it as broken, and the pool
 * gives it to nobody.
 */
async function destroy(runner: QueryRunner): Promise<void> {
  try {
    const client: Client = await runner.connect();
    client.emit('error', new Error('the transaction was given up'));
    client.connection.stream.destroy();
  } catch {
    // There was no connection to end.
  }
}
