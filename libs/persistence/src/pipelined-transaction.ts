import type { Transaction } from '@millrace/messaging';
import type { PoolClient, QueryResult } from 'pg';
import type { EntityManager } from 'typeorm';
import { statementName } from './statement-name.js';

/**
 * Statements of transactions are set-based over arrays, and found by key: their plan does not depend on how long the
 * arrays are. Postgres believes that it does, and would plan them anew each time.
 */
const BEGIN = 'START TRANSACTION; SET LOCAL plan_cache_mode = force_generic_plan';

/** A transaction that was to commit was rolled back by the server, because one of its statements had failed. */
export class RolledBackError extends Error {
  readonly code = 'ROLLED_BACK';
  override readonly name = 'RolledBackError';

  constructor() {
    super('a statement of this transaction failed, and the error was caught: nothing of it is kept');
  }
}

/**
 * A transaction on a connection of its own. Statements go out when they are given and are answered in their order, so
 * what does not wait for an answer costs no round trip: the beginning goes out with the first statement, writes go out
 * with the commit.
 */
export class PipelinedTransaction implements Transaction {
  private readonly sent: Promise<unknown>[] = [];
  /** What failed first of the statements that nobody waits for. */
  private failure: { readonly error: unknown } | undefined;

  private constructor(
    readonly manager: EntityManager,
    private readonly client: PoolClient,
  ) {}

  /** Runs work between a beginning and its commit, or its rollback when the work rejects. */
  static async run<Result>(
    manager: EntityManager,
    client: PoolClient,
    work: (tx: PipelinedTransaction) => Result | Promise<Result>,
  ): Promise<Result> {
    const tx = new PipelinedTransaction(manager, client);
    tx.write(BEGIN);
    try {
      const result = await work(tx);
      await tx.commit();
      return result;
    } catch (error) {
      await tx.send('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }

  async query<Row extends object>(sql: string, parameters?: readonly unknown[]): Promise<Row[]> {
    try {
      return (await this.send<Row>(sql, parameters)).rows;
    } catch (error) {
      // After a failure the server refuses every statement: what failed first is the reason.
      throw this.failure?.error ?? error;
    }
  }

  write(sql: string, parameters?: readonly unknown[]): void {
    const noted = (error: unknown) => (this.failure ??= { error });
    this.sent.push(this.send(sql, parameters).catch(noted));
  }

  private async commit(): Promise<void> {
    const committed = this.send('COMMIT');
    committed.catch(() => undefined);
    await Promise.all(this.sent);
    if (this.failure) throw this.failure.error;
    // The server answers a commit of a transaction that it has given up with a rollback, and calls it no error.
    if ((await committed).command !== 'COMMIT') throw new RolledBackError();
  }

  /** Statements with parameters are prepared once per connection: planning costs as much as running them. */
  private send<Row extends object>(sql: string, parameters?: readonly unknown[]): Promise<QueryResult<Row>> {
    this.gather();
    if (!parameters) return this.client.query<Row>(sql);
    return this.client.query<Row>({ name: statementName(sql), text: sql, values: [...parameters] });
  }

  /** What is sent in one turn of the event loop leaves in one packet. */
  private gather(): void {
    const { stream } = this.client.connection;
    stream.cork();
    process.nextTick(() => stream.uncork());
  }
}
