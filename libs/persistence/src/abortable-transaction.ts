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
  const committed = run(runner, work, signal).finally(() => signal.removeEventListener('abort', abort));
  return Promise.race([committed, aborted.promise]);
}

async function run<Result>(
  runner: QueryRunner,
  work: (manager: EntityManager) => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  try {
    return await runner.manager.transaction((manager) => {
      signal.throwIfAborted();
      return work(manager);
    });
  } finally {
    // Nothing after an abort: the runner was released when its connection ended.
    await runner.release();
  }
}

/**
 * Ends the connection without a goodbye, which a server that hangs would never answer. The error is what the driver
 * itself emits for a broken socket: whoever holds the connection releases it as broken, and the pool forgets it.
 */
async function destroy(runner: QueryRunner): Promise<void> {
  try {
    const client: Client = await runner.connect();
    if (runner.isReleased) return;
    client.emit('error', new Error('the transaction was given up'));
    client.connection.stream.destroy();
  } catch {
    // There was no connection to end.
  }
}
