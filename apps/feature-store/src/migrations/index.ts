import { consumerMigrations, type MigrationClass } from '@millrace/persistence';
import { CreateCustomerOrders1790000000001 } from './create-customer-orders.migration.js';

/** Every migration of the feature store's schema, oldest first. */
export const migrations: readonly MigrationClass[] = [
  ...consumerMigrations,
  CreateCustomerOrders1790000000001,
];
