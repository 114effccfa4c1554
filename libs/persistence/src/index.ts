export {
  createDataSource,
  type DataSourceSettings,
  type EntityClass,
  type MigrationClass,
} from './data-source.js';
export { consumerMigrations } from './migrations/consumer-migrations.js';
export { PostgresConsumerStore } from './postgres-consumer-store.js';
export { runMigrations } from './run-migrations.js';
export { entityManagerOf, Transactions } from './transactions.js';
