import { escapeIdentifier, type ClientBase } from 'pg';
import { qualified } from './qualified.js';

/** Takes the right to create objects in the schema `public` from everybody. */
export async function closePublicSchema(client: ClientBase): Promise<void> {
  const { rowCount } = await client.query(`SELECT FROM pg_namespace WHERE nspname = 'public'`);
  if (rowCount) await client.query('REVOKE CREATE ON SCHEMA public FROM PUBLIC');
}

/** Creates the schema unless it exists and makes it the owner's. */
export async function putSchema(client: ClientBase, schema: string, owner: string): Promise<void> {
  const name = escapeIdentifier(schema);
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${name} AUTHORIZATION ${escapeIdentifier(owner)}`);
  await client.query(`ALTER SCHEMA ${name} OWNER TO ${escapeIdentifier(owner)}`);
}

/** Lets a role read and write the rows of all tables that are in a schema or that its owner will make there. */
export async function grantRows(
  client: ClientBase,
  schema: string,
  owner: string,
  role: string,
): Promise<void> {
  const [inSchema, byOwner, toRole] = [schema, owner, role].map(escapeIdentifier);
  const future = `ALTER DEFAULT PRIVILEGES FOR ROLE ${byOwner} IN SCHEMA ${inSchema}`;
  const rows = 'SELECT, INSERT, UPDATE, DELETE';
  await client.query(`GRANT USAGE ON SCHEMA ${inSchema} TO ${toRole}`);
  await client.query(`GRANT ${rows} ON ALL TABLES IN SCHEMA ${inSchema} TO ${toRole}`);
  await client.query(`GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ${inSchema} TO ${toRole}`);
  await client.query(`${future} GRANT ${rows} ON TABLES TO ${toRole}`);
  await client.query(`${future} GRANT USAGE, SELECT ON SEQUENCES TO ${toRole}`);
}

/** Lets a role read one table and nothing else of its schema. */
export async function grantReading(
  client: ClientBase,
  schema: string,
  table: string,
  role: string,
): Promise<void> {
  await client.query(`GRANT USAGE ON SCHEMA ${escapeIdentifier(schema)} TO ${escapeIdentifier(role)}`);
  await client.query(`GRANT SELECT ON ${qualified(schema, table)} TO ${escapeIdentifier(role)}`);
}
