import type { Transaction } from '@millrace/messaging';
import type { DataSource, EntityManager } from 'typeorm';
import { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { abortableTransaction } from './abortable-transaction.js';
import type { Pool } from 'pg';
import { PipelinedTransaction } from './pipelined-transaction.js';

/** The entity manager of a transaction, for repositories; throws when the transaction is not ours. */
export function entityManagerOf(tx: Transaction): EntityManager {
  if (tx instanceof PipelinedTransaction) return tx.manager;
  throw new TypeError('this transaction was not opened by @millrace/persistence');
}

/** The longest statement or handler of a transaction (30 s by default) and a margin. */
const GIVEN_UP_AFTER_MS = 40_000;

/** A transaction took longer than any may; whether it was committed is not known. */
export class TransactionTimeoutError extends Error {
  /** A network's code: the database counts as away. */
  readonly code = 'ETIMEDOUT';
  override readonly name = 'TransactionTimeoutError';

  constructor(withinMs: number) {
    super(`the database did not end a transaction within ${withinMs} ms; its connection is given up`);
  }
}

/** Opens transactions on a service's own database, READ COMMITTED. */
export class Transactions {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs work in one transaction: commits when it resolves, rolls back and throws on when it rejects. When the signal
   * aborts meanwhile, the connection is destroyed and the signal's reason thrown at once, also when the work goes on.
   * The same happens with `TransactionTimeoutError` after that many milliseconds, 40 s unless told: a server that
   * hangs would otherwise be waited for as long as the operating system keeps its connection.
   */
  run<Result>(
    work: (tx: Transaction) => Result | Promise<Result>,
    signal?: AbortSignal,
    withinMs = GIVEN_UP_AFTER_MS,
  ): Promise<Result> {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(new TransactionTimeoutError(withinMs)), withinMs);
    const given = signal ? AbortSignal.any([signal, patience.signal]) : patience.signal;
    return abortableTransaction(this.dataSource, work, given).finally(() => clearTimeout(timer));
  }

  /** Runs one statement outside a transaction and returns its rows; it is planned anew, for the sizes that tables have now. */
  async read<Row extends object>(sql: string, parameters?: readonly unknown[]): Promise<Row[]> {
    return (await this.pool.query<Row>(sql, [...(parameters ?? [])])).rows;
  }

  /** The pool behind the data source; throws while that is not initialized. */
  private get pool(): Pool {
    const { driver } = this.dataSource;
    if (driver instanceof PostgresDriver) return driver.master;
    throw new TypeError('this data source is not one of Postgres');
  }
}
