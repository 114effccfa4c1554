import { OutboxTable1, OutboxTable2 } from '@millrace/outbox';
import { consumerMigrations, type MigrationClass } from '@millrace/persistence';
import { CreateActivity1799000000001 } from './create-activity-1799000000001.migration.js';
import { CreateAssessment1790000000001 } from './create-assessment.migration.js';
import { CreateCustomerActivity1790000000002 } from './create-customer-activity.migration.js';
import { CreateReview1799000000002 } from './create-review-1799000000002.migration.js';

/** Every migration of the fraud schema, oldest first. */
export const migrations: readonly MigrationClass[] = [
  ...consumerMigrations,
  OutboxTable1,
  OutboxTable2,
  CreateAssessment1790000000001,
  CreateCustomerActivity1790000000002,
  CreateActivity1799000000001,
  CreateReview1799000000002,
];
