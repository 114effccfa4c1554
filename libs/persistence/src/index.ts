export {
  createDataSource,
  type DataSourceSettings,
  type EntityClass,
  type MigrationClass,
} from './data-source.js';
export { ConsumerTables1 } from './migrations/consumer-tables-1.migration.js';
export { PostgresConsumerStore } from './postgres-consumer-store.js';
export { runMigrations } from './run-migrations.js';
export { entityManagerOf, Transactions } from './transactions.js';
