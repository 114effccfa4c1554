import type { DataSource } from 'typeorm';

/**
 * Runs the pending migrations of a connected data source, each in a transaction of its own, and returns their
 * names. Two that run at once serialise on an advisory lock of the schema, so the second finds nothing to do.
 */
export async function runMigrations(dataSource: DataSource, schema: string): Promise<string[]> {
  const runner = dataSource.createQueryRunner();
  await runner.connect();
  try {
    await runner.query(`SELECT pg_advisory_lock(hashtext('millrace migrations'), hashtext($1))`, [schema]);
    const done = await dataSource.runMigrations();
    return done.map((migration) => migration.name);
  } finally {
    await runner.query('SELECT pg_advisory_unlock_all()').catch(() => undefined);
    await runner.release();
  }
}
