import { ConsumerTables1, type MigrationClass } from '@millrace/persistence';
import { Create{{Thing}}1790000000001 } from './create-{{thing}}.migration.js';

/** Every migration of the {{name}} schema, oldest first. */
export const migrations: readonly MigrationClass[] = [ConsumerTables1, Create{{Thing}}1790000000001];
