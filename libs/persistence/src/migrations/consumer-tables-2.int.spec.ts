import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@millrace/testing';
import { PostgresConsumerStore } from '../postgres-consumer-store.js';
import { ConsumerTables1 } from './consumer-tables-1.migration.js';
import { ConsumerTables2 } from './consumer-tables-2.migration.js';

const AT = '2026-03-01T12:00:00.500Z';

describe('the tables of retries, parked keys and replays', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase(stack.postgres, { schema: 'fraud', migrations: [ConsumerTables1] });
  });

  afterAll(async () => {
    await database.drop();
  });

  async function migrate(direction: 'up' | 'down'): Promise<void> {
    const runner = database.dataSource.createQueryRunner();
    try {
      await new ConsumerTables2()[direction](runner);
    } finally {
      await runner.release();
    }
  }

  it('take over a schema that is in use, and can be taken away again', async () => {
    const [done, dead] = [randomUUID(), randomUUID()];
    await database.dataSource.query(`INSERT INTO inbox VALUES ('fraud', $1, $2, $2)`, [done, AT]);
    await database.dataSource.query(
      `INSERT INTO failed_event VALUES
         ('fraud', $1, 'dead', true, 3, 'FATAL', 'FatalError', 'no', 'order.created', 0, 1, NULL, NULL, $2)`,
      [dead, AT],
    );
    await migrate('up');
    const store = new PostgresConsumerStore(database.dataSource);
    const entries = [done, dead].map((eventId) => ({ eventId, receivedAt: 0 }));
    expect(await store.transaction((tx) => store.claim(tx, 'fraud', entries, 0))).toMatchObject([
      { standing: 'done' },
      { standing: 'failed', failure: { state: 'dead', firstFailureAt: Date.parse(AT) } },
    ]);
    await migrate('down');
    const rows = await database.dataSource.query('SELECT event_id, processed_at FROM inbox');
    expect(rows).toEqual([{ event_id: done, processed_at: new Date(AT) }]);
    const tables = await database.dataSource.query<{ name: string }[]>(
      `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'fraud'::regnamespace`,
    );
    expect(tables.map(({ name }) => name).toSorted()).toEqual(['failed_event', 'inbox_default', 'migration']);
  });
});
