import { ConsumerTables1, type MigrationClass } from '@millrace/persistence';
import { CreateNotification1790000000001 } from './create-notification.migration.js';

/** Every migration of the notification schema, oldest first. */
export const migrations: readonly MigrationClass[] = [ConsumerTables1, CreateNotification1790000000001];
