import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, testDataSource, type TestDatabase } from '@millrace/testing';
import { eventually } from '@millrace/testing/runtime';
import { classifyError, type Transaction } from '@millrace/messaging';
import { createDataSource } from './data-source.js';
import { consumerMigrations } from './migrations/consumer-migrations.js';
import { PostgresConsumerStore } from './postgres-consumer-store.js';
import { runMigrations } from './run-migrations.js';
import { entityManagerOf, Transactions } from './transactions.js';

let database: TestDatabase;
let transactions: Transactions;

beforeAll(async () => {
  database = await createTestDatabase(stack.postgres, { schema: 'fraud', migrations: consumerMigrations });
  transactions = new Transactions(database.dataSource);
  await transactions.read('CREATE TABLE note (id integer PRIMARY KEY, body text NOT NULL)');
});

afterAll(async () => {
  await database.drop();
});

beforeEach(async () => {
  await transactions.read('TRUNCATE note');
});

async function bodies(): Promise<string[]> {
  const rows = await transactions.read<{ body: string }>('SELECT body FROM note ORDER BY id');
  return rows.map(({ body }) => body);
}

async function caught(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('Transactions', () => {
  it('commits what resolves, and gives its result', async () => {
    const result = await transactions.run(async (tx) => {
      await tx.query('INSERT INTO note VALUES (1, $1)', ['kept']);
      return 'done';
    });
    expect(result).toBe('done');
    expect(await bodies()).toEqual(['kept']);
  });

  it('rolls back what rejects, and throws the same error on', async () => {
    const error = new Error('no');
    const work = transactions.run(async (tx) => {
      await tx.query(`INSERT INTO note VALUES (1, 'lost')`);
      throw error;
    });
    expect(await caught(work)).toBe(error);
    expect(await bodies()).toEqual([]);
  });

  it('prepares a statement with parameters once, however often it runs', async () => {
    const insert = 'INSERT INTO note VALUES ($1::integer, $2)';
    const prepared = await transactions.run(async (tx) => {
      await tx.query(insert, [1, 'a']);
      await tx.query(insert, [2, 'b']);
      return tx.query('SELECT name FROM pg_prepared_statements WHERE statement = $1', [insert]);
    });
    expect(prepared).toHaveLength(1);
    expect(await bodies()).toEqual(['a', 'b']);
  });

  it('answers every kind of statement with its rows', async () => {
    await transactions.run(async (tx) => {
      expect(await tx.query(`INSERT INTO note VALUES (1, 'a'), (2, 'b') RETURNING id`)).toEqual([
        { id: 1 },
        { id: 2 },
      ]);
      expect(await tx.query(`UPDATE note SET body = 'c' RETURNING id, body`)).toHaveLength(2);
      expect(await tx.query(`UPDATE note SET body = 'd' WHERE id = 9`)).toEqual([]);
      expect(await tx.query('SELECT id FROM note ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
      expect(await tx.query('DELETE FROM note WHERE id = 1 RETURNING body')).toEqual([{ body: 'c' }]);
      expect(await tx.query('LOCK TABLE note')).toEqual([]);
    });
  });

  it('shares its transaction with the entity manager', async () => {
    const work = transactions.run(async (tx) => {
      await entityManagerOf(tx).query(`INSERT INTO note VALUES (1, 'lost')`);
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await bodies()).toEqual([]);
  });

  it('has no entity manager of a transaction that is not its own', () => {
    const foreign: Transaction = { query: async () => [], write: () => undefined };
    expect(() => entityManagerOf(foreign)).toThrow('not opened by @millrace/persistence');
  });

  it('runs on the schema of the service, in UTC', async () => {
    const [row] = await transactions.read<{ path: string; zone: string }>(
      `SELECT current_schema() AS path, current_setting('TimeZone') AS zone`,
    );
    expect(row).toEqual({ path: 'fraud', zone: 'UTC' });
  });
});

describe('errors of the database', () => {
  const killMe = 'SELECT pg_terminate_backend(pg_backend_pid())';

  it('are infrastructure when the backend dies during a statement', async () => {
    const error = await caught(transactions.run((tx) => tx.query(killMe)));
    expect(classifyError(error)).toBe('infrastructure');
  });

  it('are infrastructure when the backend dies between two statements', async () => {
    const error = await caught(
      transactions.run(async (tx) => {
        const [row] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        await transactions.read('SELECT pg_terminate_backend($1)', [row?.pid]);
        // The client hears of the end of its backend on its socket, between two statements.
        await new Promise((resolve) => setImmediate(resolve));
        await transactions.read('SELECT 1');
        await tx.query('SELECT 1');
      }),
    );
    expect(classifyError(error)).toBe('infrastructure');
  });

  it('leave the pool usable', async () => {
    await Promise.all(Array.from({ length: 12 }, () => caught(transactions.run((tx) => tx.query(killMe)))));
    await eventually(() => new PostgresConsumerStore(database.dataSource).probe());
    expect(await bodies()).toEqual([]);
  });

  it('are infrastructure when the server does not end a transaction in time, and the connection is not used again', async () => {
    const before = await transactions.read<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const error = await caught(transactions.run((tx) => tx.query('SELECT pg_sleep(20)'), undefined, 200));
    expect(error).toMatchObject({ code: 'ETIMEDOUT' });
    expect(classifyError(error)).toBe('infrastructure');
    const after = await transactions.read<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    expect(after).not.toEqual(before);
  });

  it('are infrastructure when the server is not there', async () => {
    const nowhere = createDataSource({
      url: 'postgres://u:p@127.0.0.1:1/x',
      schema: 'x',
      applicationName: 'test',
    });
    expect(classifyError(await caught(nowhere.initialize()))).toBe('infrastructure');
  });

  it('are conflicts when two transactions deadlock', async () => {
    await transactions.read(`INSERT INTO note VALUES (1, 'a'), (2, 'b')`);
    const met = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    const cross = (mine: 0 | 1) =>
      transactions.run(async (tx) => {
        await tx.query('SELECT FROM note WHERE id = $1 FOR UPDATE', [mine + 1]);
        met[mine].resolve();
        await met[mine === 0 ? 1 : 0].promise;
        await tx.query('SELECT FROM note WHERE id = $1 FOR UPDATE', [2 - mine]);
      });
    const errors = (await Promise.all([caught(cross(0)), caught(cross(1))])).filter(
      (error) => error !== undefined,
    );
    expect(errors.map(classifyError)).toEqual(['conflict']);
  });

  it('may pass when a value does not fit', async () => {
    const error = await caught(transactions.run((tx) => tx.query(`INSERT INTO note VALUES (1, $1)`, ['\0'])));
    expect(classifyError(error)).toBe('retryable');
  });
});

describe('runMigrations', () => {
  it('runs once when two run at once', async () => {
    const settings = { url: database.url, schema: 'twice', migrations: consumerMigrations };
    await transactions.read('CREATE SCHEMA twice');
    const sources = [testDataSource(settings), testDataSource(settings)];
    try {
      await Promise.all(sources.map((source) => source.initialize()));
      const ran = await Promise.all(sources.map((source) => runMigrations(source, 'twice')));
      expect(ran.flat()).toEqual(['ConsumerTables1760000000001', 'ConsumerTables1760000000002']);
    } finally {
      await Promise.all(sources.map((source) => source.destroy()));
    }
  });

  it('has nothing to do the second time, and gives its lock back', async () => {
    expect(await runMigrations(database.dataSource, 'fraud')).toEqual([]);
    const locks = await transactions.read(`SELECT FROM pg_locks WHERE locktype = 'advisory'
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`);
    expect(locks).toEqual([]);
  });
});
