import type { PoolClient } from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';
import { PipelinedTransaction } from './pipelined-transaction.js';

/**
 * Runs work in a transaction that a signal can end: its connection is then destroyed, whatever it is doing, and the
 * answer is the signal's reason at once, also when the work goes on. What it asks of the database later fails.
 */
export async function abortableTransaction<Result>(
  dataSource: DataSource,
  work: (tx: PipelinedTransaction) => Result | Promise<Result>,
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
      const client: PoolClient = await runner.connect();
      signal.throwIfAborted();
      // TypeORM looks here before a repository begins a transaction of its own, which would end this one.
      Object.assign(runner, { isTransactionActive: true, transactionDepth: 1 });
      return await PipelinedTransaction.run(runner.manager, client, work);
    } finally {
      // Once released, the connection is somebody else's. After an abort it is released as broken.
      signal.removeEventListener('abort', abort);
      if (!signal.aborted) await runner.release();
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
    const client: PoolClient = await runner.connect();
    client.emit('error', new Error('the transaction was given up'));
    client.connection.stream.destroy();
  } catch {
    // There was no connection to end.
  }
}
