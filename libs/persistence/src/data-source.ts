import { DataSource, type EntitySchema, type MigrationInterface } from 'typeorm';
import { TracedClient } from './traced-client.js';

/** A TypeORM migration class. */
export type MigrationClass = new () => MigrationInterface;

/** An entity class or schema. */
export type EntityClass = (new (...arguments_: never[]) => object) | EntitySchema;

/** What a service's connection to its database needs. */
export interface DataSourceSettings {
  /** Connection string of the service's role. */
  readonly url: string;
  /** Schema of the service; the role's search path names it too. */
  readonly schema: string;
  readonly entities?: readonly EntityClass[];
  readonly migrations?: readonly MigrationClass[];
  /** Connections at most. @default 10 */
  readonly poolSize?: number;
  /** Name that Postgres shows for the connections. */
  readonly applicationName: string;
  /** Milliseconds to wait for a connection, one of the pool's or a new one, before an error. @default 5_000 */
  readonly connectTimeoutMs?: number;
  /** Milliseconds after which a statement is cancelled; 0 for never. @default 30_000 */
  readonly statementTimeoutMs?: number;
}

/**
 * A TypeORM data source with the fleet's rules: migrations only, never `synchronize`; bounded pool, bounded
 * statements, times in UTC. It is returned unconnected: call `initialize()`.
 */
export function createDataSource(settings: DataSourceSettings): DataSource {
  return new DataSource({
    type: 'postgres',
    url: settings.url,
    schema: settings.schema,
    entities: [...(settings.entities ?? [])],
    migrations: [...(settings.migrations ?? [])],
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'each',
    synchronize: false,
    applicationName: settings.applicationName,
    poolSize: settings.poolSize ?? 10,
    connectTimeoutMS: settings.connectTimeoutMs ?? 5_000,
    extra: {
      statement_timeout: settings.statementTimeoutMs ?? 30_000,
      idle_in_transaction_session_timeout: 60_000,
      keepAlive: true,
      Client: TracedClient,
      // Statements go out before the ones before them are answered; the server runs them in their order.
      pipeline: true,
      // A new backend plans its first statements with empty caches: connections stay, also through quiet minutes.
      idleTimeoutMillis: 600_000,
      // The last one ends, within a second, the statement of a client that is gone.
      options: `-c search_path="${settings.schema}" -c timezone=UTC -c client_connection_check_interval=1000`,
    },
    // A connection that breaks while idle is replaced by the pool; the next query tells whoever cares.
    poolErrorHandler: () => undefined,
  });
}
