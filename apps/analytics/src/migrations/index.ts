import { ConsumerTables1, type MigrationClass } from '@millrace/persistence';
import { CreateTotal1790000000001 } from './create-total.migration.js';

/** Every migration of the analytics schema, oldest first. */
export const migrations: readonly MigrationClass[] = [ConsumerTables1, CreateTotal1790000000001];
