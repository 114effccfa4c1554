import { consumerMigrations, type MigrationClass } from '@millrace/persistence';
import { AllowSuppressed1795000000001 } from './allow-suppressed.migration.js';
import { CreateNotification1790000000001 } from './create-notification.migration.js';

/** Every migration of the notification schema, oldest first. */
export const migrations: readonly MigrationClass[] = [
  ...consumerMigrations,
  CreateNotification1790000000001,
  AllowSuppressed1795000000001,
];
