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

/** Opens transactions on a service's own database, READ COMMITTED. */
export class Transactions {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs work in one transaction: commits when it resolves, rolls back and throws on when it rejects. When the signal
   * aborts meanwhile, the connection is destroyed and the signal's reason thrown at once, also when the work goes on.
   */
  run<Result>(work: (tx: Transaction) => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    const within = (manager: EntityManager) => work(new EntityManagerTransaction(manager));
    return signal
      ? abortableTransaction(this.dataSource, within, signal)
      : this.dataSource.transaction(within);
  }

  /** Runs one statement outside a transaction and returns its rows. */
  read<Row extends object>(sql: string, parameters?: readonly unknown[]): Promise<Row[]> {
    return new EntityManagerTransaction(this.dataSource.manager).query<Row>(sql, parameters);
  }
}
