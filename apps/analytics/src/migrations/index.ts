import { consumerMigrations, type MigrationClass } from '@millrace/persistence';
import { CreateBatch1798000000001 } from './create-batch.migration.js';
import { CreateTotal1790000000001 } from './create-total.migration.js';

/** Every migration of the analytics schema, oldest first. */
export const migrations: readonly MigrationClass[] = [
  ...consumerMigrations,
  CreateTotal1790000000001,
  CreateBatch1798000000001,
];
