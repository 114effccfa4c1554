export {
  createDataSource,
  type DataSourceSettings,
  type EntityClass,
  type MigrationClass,
} from './data-source.js';
export { consumerMigrations } from './migrations/consumer-migrations.js';
export { ConsumerTables1 } from './migrations/consumer-tables-1.migration.js';
export { ConsumerTables2 } from './migrations/consumer-tables-2.migration.js';
export { PostgresConsumerStore } from './postgres-consumer-store.js';
export { EffectTwiceError } from './store/inbox-rows.sql.js';
export { runMigrations } from './run-migrations.js';
export { entityManagerOf, Transactions } from './transactions.js';
