import type { Transaction } from '@millrace/messaging';
import type { PoolClient } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { abortableTransaction } from './abortable-transaction.js';
import { statementName } from './statement-name.js';

class EntityManagerTransaction implements Transaction {
  constructor(readonly manager: EntityManager) {}

  /** Statements with parameters are prepared once per connection: planning costs as much as running them. */
  async query<Row extends object>(sql: string, parameters?: readonly unknown[]): Promise<Row[]> {
    const runner = this.manager.queryRunner;
    if (!runner || !parameters)
      return rowsOf<Row>(await this.manager.query<unknown>(sql, [...(parameters ?? [])]));
    const client: PoolClient = await runner.connect();
    const answer = await client.query<Row>({ name: statementName(sql), text: sql, values: [...parameters] });
    return answer.rows;
  }
}

/** TypeORM answers UPDATE and DELETE with `[rows, count]`, everything else with the rows. */
function rowsOf<Row>(answer: unknown): Row[] {
  if (!Array.isArray(answer)) return [];
  const pair = answer.length === 2 && Array.isArray(answer[0]) && typeof answer[1] === 'number';
  return (pair ? answer[0] : answer) as Row[];
}

/** The entity manager of a transaction, for repositories; throws when the transaction is not ours. */
export function entityManagerOf(tx: Transaction): EntityManager {
  if (tx instanceof EntityManagerTransaction) return tx.manager;
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
    work: (tx: Transaction) => Promise<Result>,
    signal?: AbortSignal,
    withinMs = GIVEN_UP_AFTER_MS,
  ): Promise<Result> {
    const within = (manager: EntityManager) => work(new EntityManagerTransaction(manager));
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(new TransactionTimeoutError(withinMs)), withinMs);
    const given = signal ? AbortSignal.any([signal, patience.signal]) : patience.signal;
    return abortableTransaction(this.dataSource, within, given).finally(() => clearTimeout(timer));
  }

  /** Runs one statement outside a transaction and returns its rows. */
  read<Row extends object>(sql: string, parameters?: readonly unknown[]): Promise<Row[]> {
    return new EntityManagerTransaction(this.dataSource.manager).query<Row>(sql, parameters);
  }
}
