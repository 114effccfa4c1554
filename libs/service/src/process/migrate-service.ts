import { schemaOf } from '@millrace/contracts';
import { createDataSource, runMigrations, type MigrationClass } from '@millrace/persistence';
import { logger } from '@millrace/telemetry';
import { readMigrateUrl } from './migrate.config.js';
import { startFailure } from './start-failure.js';

/** Nobody waits behind a migration, so it may wait for a busy server. */
const CONNECT_WITHIN_MS = 30_000;

/** A service's migrations as its migrate.ts names them. */
export interface MigrateOptions {
  readonly name: string;
  /** Migrations in the order in which they were written. */
  readonly migrations: readonly MigrationClass[];
}

/**
 * Brings a service's schema up to date and ends the process: code 0, or one message on stderr and code 1. Two at
 * once do no harm.
 */
export async function migrateService({ name, migrations }: MigrateOptions): Promise<void> {
  try {
    const done = await migrate(name, migrations);
    logger('migrate').info({ service: name, migrations: done }, done.length > 0 ? 'migrated' : 'up to date');
  } catch (error) {
    process.stderr.write(startFailure(`${name} migrations`, error));
    process.exitCode = 1;
  }
}

async function migrate(name: string, migrations: readonly MigrationClass[]): Promise<string[]> {
  const url = readMigrateUrl(name);
  const schema = schemaOf(name);
  const dataSource = createDataSource({
    url,
    schema,
    migrations,
    poolSize: 2,
    applicationName: `${name}-migrate`,
    connectTimeoutMs: CONNECT_WITHIN_MS,
    statementTimeoutMs: 0,
  });
  await dataSource.initialize();
  try {
    return await runMigrations(dataSource, schema);
  } finally {
    await dataSource.destroy();
  }
}
