import { escapeIdentifier, escapeLiteral, type ClientBase } from 'pg';
import type { RoleSpecification } from '../access/fleet-roles.js';

/** A role as the server has it. */
export interface StoredRole {
  readonly name: string;
  /** Whether it may log in, and is none of superuser, database or role creator, or exempt from row security. */
  readonly ordinary: boolean;
  readonly replication: boolean;
  /** What is stored for its password; null without one. */
  readonly verifier: string | null;
}

/** Reads the roles of those names that exist; needs a superuser. */
export async function readRoles(
  client: ClientBase,
  names: readonly string[],
): Promise<readonly StoredRole[]> {
  const { rows } = await client.query<StoredRole>(
    `SELECT rolname::text AS name,
            rolcanlogin AND NOT (rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls) AS ordinary,
            rolreplication AS replication,
            rolpassword AS verifier
       FROM pg_authid
      WHERE rolname = ANY ($1::text[])`,
    [names],
  );
  return rows;
}

/** Creates or alters a login role so that it is as specified; `verifier` is stored as its password. */
export async function putRole(
  client: ClientBase,
  change: 'CREATE' | 'ALTER',
  role: RoleSpecification,
  verifier: string,
): Promise<void> {
  await client.query(
    `${change} ROLE ${escapeIdentifier(role.name)}
     WITH LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS
          ${role.replication ? 'REPLICATION' : 'NOREPLICATION'} PASSWORD ${escapeLiteral(verifier)}`,
  );
}

/** Makes a schema the role's whole search path in this database, so that its SQL needs no qualified names. */
export async function setSearchPath(client: ClientBase, role: string, schema: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name');
  const database = escapeIdentifier(rows[0]?.name ?? '');
  await client.query(
    `ALTER ROLE ${escapeIdentifier(role)} IN DATABASE ${database} SET search_path = ${escapeIdentifier(schema)}`,
  );
}

/** Lets a role become the owners by SET ROLE, without having their rights all the time. */
export async function allowToBecome(
  client: ClientBase,
  role: string,
  owners: readonly string[],
): Promise<void> {
  if (owners.length === 0) return;
  await client.query(
    `GRANT ${owners.map(escapeIdentifier).join(', ')} TO ${escapeIdentifier(role)} WITH INHERIT FALSE, SET TRUE`,
  );
}

/** Lets a role see every session, statement and replication slot. */
export async function allowToMonitor(client: ClientBase, role: string): Promise<void> {
  await client.query(`GRANT pg_monitor TO ${escapeIdentifier(role)}`);
}
