import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@millrace/testing';
import type { Transaction } from '@millrace/messaging';
import type { PoolClient } from 'pg';
import { entityManagerOf, Transactions } from './transactions.js';

const INSERT = 'INSERT INTO note VALUES ($1::integer, $2)';

let database: TestDatabase;
let transactions: Transactions;

beforeAll(async () => {
  database = await createTestDatabase(stack.postgres, { schema: 'fraud', migrations: [] });
  transactions = new Transactions(database.dataSource);
  await transactions.read('CREATE TABLE note (id integer PRIMARY KEY, body text NOT NULL)');
});

afterAll(() => database.drop());
beforeEach(() => transactions.read('TRUNCATE note'));

async function bodies(): Promise<string[]> {
  const rows = await transactions.read<{ body: string }>('SELECT body FROM note ORDER BY id');
  return rows.map(({ body }) => body);
}

async function clientOf(tx: Transaction): Promise<PoolClient> {
  return entityManagerOf(tx).queryRunner?.connect();
}

describe('a statement that is only sent', () => {
  it('runs before what is asked after it, and is committed with the rest', async () => {
    const seen = await transactions.run((tx) => {
      tx.write(INSERT, [1, 'sent']);
      return tx.query('SELECT body FROM note');
    });
    expect(seen).toEqual([{ body: 'sent' }]);
    expect(await bodies()).toEqual(['sent']);
  });

  it('fails the commit with its own error, and leaves nothing', async () => {
    const work = transactions.run((tx) => {
      tx.write(INSERT, [1, 'kept']);
      tx.write(INSERT, [1, 'twice']);
      tx.write(INSERT, [2, 'after']);
    });
    await expect(work).rejects.toMatchObject({ code: '23505' });
    expect(await bodies()).toEqual([]);
  });

  it('fails whatever is asked after it with its own error, not with the refusal that follows', async () => {
    const work = transactions.run(async (tx) => {
      tx.write(INSERT, [1, null]);
      await tx.query('SELECT 1');
    });
    await expect(work).rejects.toMatchObject({ code: '23502' });
  });

  it('leaves the connection usable when it fails', async () => {
    for (let round = 0; round < 12; round += 1) {
      const work = transactions.run((tx) => tx.write(INSERT, [1, null]));
      await expect(work).rejects.toMatchObject({ code: '23502' });
    }
    await transactions.run((tx) => tx.write(INSERT, [1, 'kept']));
    expect(await bodies()).toEqual(['kept']);
  });
});

describe('a transaction', () => {
  it('is not taken for committed when a failure in it was caught', async () => {
    const work = transactions.run(async (tx) => {
      tx.write(INSERT, [1, 'lost']);
      await tx.query('SELECT 1 / 0').catch(() => undefined);
    });
    await expect(work).rejects.toMatchObject({ code: 'ROLLED_BACK' });
    expect(await bodies()).toEqual([]);
  });

  it('waits twice for the server: for what it reads, and for its commit', async () => {
    let packets = 0;
    await transactions.run(async (tx) => {
      const { stream } = (await clientOf(tx)).connection;
      const write = stream._writev?.bind(stream);
      stream._writev = (chunks, done) => {
        packets += 1;
        write?.(chunks, done);
      };
      tx.write(INSERT, [1, 'a']);
      await tx.query('SELECT 1');
      tx.write(INSERT, [2, 'b']);
      tx.write(INSERT, [3, 'c']);
    });
    expect(packets).toBe(2);
  });

  it('is seen by repositories, which neither begin nor end one of their own in it', async () => {
    const work = transactions.run(async (tx) => {
      await entityManagerOf(tx).transaction((inner) => inner.query(`INSERT INTO note VALUES (1, 'inner')`));
      tx.write(INSERT, [2, 'outer']);
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await bodies()).toEqual([]);
  });

  it('plans a statement over arrays once', async () => {
    const sql = 'INSERT INTO note SELECT * FROM unnest($1::integer[], $2::text[])';
    const plans = await transactions.run((tx) => {
      for (let id = 1; id < 10; id += 1) tx.write(sql, [[id], ['x']]);
      return tx.query(
        'SELECT generic_plans AS generic, custom_plans AS custom FROM pg_prepared_statements WHERE statement = $1',
        [sql],
      );
    });
    expect(plans).toEqual([{ generic: '9', custom: '0' }]);
  });
});
