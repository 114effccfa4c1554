import { randomUUID } from 'node:crypto';
import {
  createDataSource,
  runMigrations,
  type DataSourceSettings,
  type EntityClass,
  type MigrationClass,
} from '@millrace/persistence';
import { Client, escapeIdentifier } from 'pg';

type DataSource = ReturnType<typeof createDataSource>;

/** What a test's own database holds. */
export interface TestDatabaseOptions {
  /** Schema of the service under test; made first and the whole search path of every connection. */
  readonly schema: string;
  /** Migrations run in it, in order. */
  readonly migrations: readonly MigrationClass[];
  /** Entities of the data source. @default [] */
  readonly entities?: readonly EntityClass[];
  /** Connections of the data source's pool. @default 10 */
  readonly poolSize?: number;
}

/** A database of one spec on the shared server, migrated and empty. */
export interface TestDatabase {
  /** Connection string of its superuser; unqualified names mean the schema. */
  readonly url: string;
  /** Initialised data source on it. */
  readonly dataSource: DataSource;
  /** Closes the data source and removes the database, whoever is still connected. */
  drop(): Promise<void>;
}

/**
 * Milliseconds that a test waits for a connection: many more may be asked for at once than a pool has, and on a slow
 * machine one alone may take longer than a service would wait.
 */
export const CONNECT_WITHIN_MS = 45_000;

/** A test's data source on a database that is there, with a test's patience; unconnected. */
export function testDataSource(settings: Omit<DataSourceSettings, 'applicationName'>): DataSource {
  return createDataSource({ applicationName: 'test', connectTimeoutMs: CONNECT_WITHIN_MS, ...settings });
}

/**
 * Makes a database of its own on the server of that superuser's connection string and migrates it. An outbox
 * gets a default partition, because no keeper makes the day's.
 */
export async function createTestDatabase(
  postgresUrl: string,
  options: TestDatabaseOptions,
): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const url = urlOf(postgresUrl, name);
  const schema = escapeIdentifier(options.schema);
  await run(postgresUrl, [`CREATE DATABASE ${name}`]);
  const dataSource = testDataSource({ ...options, url });
  const drop = async () => {
    if (dataSource.isInitialized) await dataSource.destroy();
    await run(postgresUrl, [`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`]);
  };
  try {
    await run(url, [`CREATE SCHEMA ${schema}`, `ALTER DATABASE ${name} SET search_path TO ${schema}`]);
    await dataSource.initialize();
    await runMigrations(dataSource, options.schema);
    await run(url, [ACCEPT_EVENTS_OF_ANY_DAY]);
  } catch (error) {
    await drop();
    throw error;
  }
  return { url, dataSource, drop };
}

const ACCEPT_EVENTS_OF_ANY_DAY = `
  DO $$ BEGIN
    IF to_regclass('outbox') IS NOT NULL THEN
      CREATE TABLE outbox_default PARTITION OF outbox DEFAULT;
    END IF;
  END $$`;

function urlOf(postgresUrl: string, database: string): string {
  const url = new URL(postgresUrl);
  url.pathname = `/${database}`;
  return url.toString();
}

async function run(url: string, statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
