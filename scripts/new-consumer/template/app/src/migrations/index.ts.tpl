import { consumerMigrations, type MigrationClass } from '@millrace/persistence';
import { Create{{Thing}}1790000000001 } from './create-{{thing}}.migration.js';

/** Every migration of the {{name}} schema, oldest first. */
export const migrations: readonly MigrationClass[] = [...consumerMigrations, Create{{Thing}}1790000000001];
