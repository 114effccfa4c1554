import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { appRole, ownerRole, schemaOf, topology, type ServiceTopology } from '@millrace/contracts';
import type pg from 'pg';
import { openPool, rowsOf } from '../support/database.js';
import { ready } from '../support/fleet.js';

const CAPTURE = 'millrace_capture';
const KEEPER = 'millrace_keeper';
const ROLES = [...topology.flatMap(({ name }) => [ownerRole(name), appRole(name)]), CAPTURE, KEEPER];
const ROWS = ['DELETE', 'INSERT', 'SELECT', 'UPDATE'];
/** Every right that a table can give; OWNER stands for DDL, which no GRANT gives. */
const TABLE_RIGHTS = [...ROWS, 'MAINTAIN', 'OWNER', 'REFERENCES', 'TRIGGER', 'TRUNCATE'].toSorted();
const SCHEMA_RIGHTS = ['CREATE', 'USAGE'];

/** What one role may do with one thing, as the server itself says. */
interface Cell {
  readonly role: string;
  readonly schema: string;
  readonly name: string;
  readonly rights: readonly string[];
}

const TABLES = `
  SELECT role, n.nspname AS schema, c.relname AS name,
         ARRAY (SELECT r FROM unnest($2::text[]) r
                 WHERE CASE r WHEN 'OWNER' THEN pg_has_role(role, c.relowner, 'USAGE')
                              ELSE has_table_privilege(role, c.oid, r) END
                 ORDER BY r COLLATE "C") AS rights
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, unnest($1::text[]) role
   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
     AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'`;

const SCHEMAS = `
  SELECT role, nspname AS schema, nspname AS name,
         ARRAY (SELECT r FROM unnest($2::text[]) r WHERE has_schema_privilege(role, oid, r) ORDER BY r COLLATE "C") AS rights
    FROM pg_namespace, unnest($1::text[]) role
   WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'`;

let pool: pg.Pool;
let tables: Cell[];

beforeAll(async () => {
  await ready();
  pool = openPool(stack.postgres);
  tables = await rowsOf<Cell>(pool, TABLES, [ROLES, TABLE_RIGHTS]);
});

afterAll(() => pool?.end());

describe('the rights in the database of the fleet', () => {
  it('cover every table of every service, partitions too', () => {
    const seen = (schema: string, name: RegExp) =>
      tables.some((cell) => cell.schema === schema && name.test(cell.name));
    for (const service of topology) expect(seen(schemaOf(service.name), /^inbox_/)).toBe(true);
    expect(seen('order', /^outbox$/)).toBe(true);
    expect(tables.length).toBeGreaterThan(ROLES.length * topology.length * 5);
  });

  it.each(ROLES)('let %s do with each table what the topology says, and nothing else', (role) => {
    const own = tables.filter((cell) => cell.role === role);
    expect(own).toEqual(own.map((cell) => ({ ...cell, rights: tableRights(topology, cell) })));
  });

  it('let a service use its own schema, its owner change it, and nobody make anything elsewhere', async () => {
    const schemas = await rowsOf<Cell>(pool, SCHEMAS, [ROLES, SCHEMA_RIGHTS]);
    expect(schemas).toEqual(schemas.map((cell) => ({ ...cell, rights: schemaRights(topology, cell) })));
  });

  it('would be others if a line of the topology were missing', () => {
    const silent = topology.map((service) =>
      service.name === 'fraud' ? { ...service, produces: [] } : service,
    );
    const differing = tables.filter(
      ({ rights, ...cell }) => rights.join() !== tableRights(silent, cell).join(),
    );
    expect(differing.map(({ role, schema, name }) => `${role} ${schema}.${name}`)).toEqual([
      `${CAPTURE} fraud.outbox`,
    ]);
  });

  it('let nobody make a database, a role or a schema', async () => {
    const rows = await rowsOf(
      pool,
      `SELECT rolname FROM pg_roles
        WHERE rolname = ANY ($1) AND (rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls
              OR has_database_privilege(oid, current_database(), 'CREATE'))`,
      [ROLES],
    );
    expect(rows).toEqual([]);
  });
});

type Place = Pick<Cell, 'role' | 'schema' | 'name'>;

function tableRights(services: readonly ServiceTopology[], { role, schema, name }: Place): readonly string[] {
  if (schema === 'keeper') return role === KEEPER ? TABLE_RIGHTS : [];
  const service = services.find((each) => schemaOf(each.name) === schema);
  if (!service) return [];
  if (role === ownerRole(service.name)) return TABLE_RIGHTS;
  if (role === appRole(service.name)) return ROWS;
  return role === CAPTURE && name === 'outbox' && service.produces.length > 0 ? ['SELECT'] : [];
}

function schemaRights(services: readonly ServiceTopology[], { role, schema }: Place): readonly string[] {
  if (schema === 'public') return ['USAGE'];
  if (schema === 'keeper') return role === KEEPER ? SCHEMA_RIGHTS : [];
  const service = services.find((each) => schemaOf(each.name) === schema);
  if (!service) return [];
  if (role === ownerRole(service.name)) return SCHEMA_RIGHTS;
  const uses = role === appRole(service.name) || (role === CAPTURE && service.produces.length > 0);
  return uses ? ['USAGE'] : [];
}
