import { createTestDatabase } from '@millrace/testing';
import { describeConsumerStore } from '@millrace/testing/suites';
import { consumerMigrations } from './migrations/consumer-migrations.js';
import { PostgresConsumerStore } from './postgres-consumer-store.js';
import { Transactions } from './transactions.js';

const TABLES = ['inbox', 'failed_event', 'parked_key', 'parked_event', 'replay', 'replay_event'];

describeConsumerStore('the consumer store on Postgres', async () => {
  const database = await createTestDatabase(stack.postgres, {
    schema: 'fraud',
    migrations: consumerMigrations,
  });
  const transactions = new Transactions(database.dataSource);
  return {
    store: new PostgresConsumerStore(database.dataSource),
    everything: async () => {
      const rows = TABLES.map((table) => `SELECT t::text AS row FROM ${table} t`).join(' UNION ALL ');
      return (await transactions.read<{ row: string }>(rows)).map(({ row }) => row).join('\n');
    },
    waiting: async () => {
      const [row] = await transactions.read<{ waiting: number }>(
        `SELECT count(*)::int AS waiting FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return row?.waiting ?? 0;
    },
    close: () => database.drop(),
  };
});
