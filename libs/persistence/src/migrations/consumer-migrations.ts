import type { MigrationClass } from '../data-source.js';
import { ConsumerTables1 } from './consumer-tables-1.migration.js';
import { ConsumerTables2 } from './consumer-tables-2.migration.js';

/** The migrations of every consumer's schema, oldest first. */
export const consumerMigrations: readonly MigrationClass[] = [ConsumerTables1, ConsumerTables2];
