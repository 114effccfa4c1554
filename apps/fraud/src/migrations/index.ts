import { OutboxTable1 } from '@millrace/outbox';
import { consumerMigrations, type MigrationClass } from '@millrace/persistence';
import { CreateAssessment1790000000001 } from './create-assessment.migration.js';
import { CreateCustomerActivity1790000000002 } from './create-customer-activity.migration.js';

/** Every migration of the fraud schema, oldest first. */
export const migrations: readonly MigrationClass[] = [
  ...consumerMigrations,
  OutboxTable1,
  CreateAssessment1790000000001,
  CreateCustomerActivity1790000000002,
];
