/** Partitioned tables of the topology do not exist yet; the message says whose migration must run. */
export class MissingTableError extends Error {
  readonly code = 'MISSING_TABLE';

  constructor(readonly tables: readonly { service: string; schema: string; name: string }[]) {
    const services = [...new Set(tables.map((table) => table.service))];
    const names = tables.map((table) => `${table.schema}.${table.name}`).join(', ');
    super(
      `${names} ${tables.length === 1 ? 'does' : 'do'} not exist as partitioned tables: run ` +
        `${services.map((service) => `apps/${service}/dist/migrate.js`).join(', ')} first, then this again.`,
    );
    this.name = 'MissingTableError';
  }
}
