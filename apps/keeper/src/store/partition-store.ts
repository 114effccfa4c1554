import { escapeIdentifier, escapeLiteral, type ClientBase } from 'pg';
import type { DayBounds } from '../partitions/day-bounds.js';
import type { PartitionedTable } from '../partitions/partition-plan.js';
import { qualified } from './qualified.js';

/** What exists of a partitioned table. */
export interface PartitionState {
  /** Whether the partitioned parent exists. */
  readonly exists: boolean;
  /** Names of its partitions, the default one included. */
  readonly partitions: readonly string[];
  /** Name of its DEFAULT partition; null without one. */
  readonly defaultPartition: string | null;
}

/** Reads what exists of each table, in the order given. */
export async function readPartitions(
  client: ClientBase,
  tables: readonly PartitionedTable[],
): Promise<readonly PartitionState[]> {
  const { rows } = await client.query<PartitionState>(
    `SELECT parent.oid IS NOT NULL AS "exists",
            fallback.relname::text AS "defaultPartition",
            coalesce(array_agg(child.relname::text) FILTER (WHERE child.oid IS NOT NULL), '{}') AS partitions
       FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (schema, name, place)
       LEFT JOIN pg_namespace AS space ON space.nspname = wanted.schema
       LEFT JOIN pg_class AS parent
         ON parent.relnamespace = space.oid AND parent.relname = wanted.name AND parent.relkind = 'p'
       LEFT JOIN pg_partitioned_table AS scheme ON scheme.partrelid = parent.oid
       LEFT JOIN pg_class AS fallback ON fallback.oid = scheme.partdefid
       LEFT JOIN pg_inherits ON inhparent = parent.oid
       LEFT JOIN pg_class AS child ON child.oid = inhrelid
      GROUP BY wanted.place, parent.oid, fallback.relname
      ORDER BY wanted.place`,
    [tables.map((table) => table.schema), tables.map((table) => table.name)],
  );
  return rows;
}

/** Limits how long the transaction waits for any lock, in milliseconds; afterwards Postgres refuses with 55P03. */
export async function limitLockWait(client: ClientBase, ms: number): Promise<void> {
  await client.query(`SELECT set_config('lock_timeout', $1, true)`, [`${ms}ms`]);
}

/** Acts as the role until the transaction ends, so that what it creates belongs to the role. */
export async function actAs(client: ClientBase, role: string): Promise<void> {
  await client.query(`SET LOCAL ROLE ${escapeIdentifier(role)}`);
}

/** Keeps writers of the default partition away until the transaction ends, so that its rows can be moved out. */
export async function lockDefault(client: ClientBase, table: PartitionedTable, name: string): Promise<void> {
  await client.query(`LOCK TABLE ${qualified(table.schema, name)} IN ACCESS EXCLUSIVE MODE`);
}

/**
 * Makes a partition beside the live table: a table of its own, then attached. `CREATE TABLE … PARTITION OF` would lock
 * out every reader and writer of the parent; ATTACH lets them work.
 */
export async function createDetached(
  client: ClientBase,
  table: PartitionedTable,
  name: string,
): Promise<void> {
  await client.query(
    `CREATE TABLE ${qualified(table.schema, name)} (LIKE ${qualified(table.schema, table.name)} INCLUDING ALL)`,
  );
}

/** Moves the rows of a partition's range out of the default partition; ATTACH refuses while they are there. */
export async function moveFromDefault(
  client: ClientBase,
  table: PartitionedTable,
  [from, to]: readonly [from: string, to: string],
  bounds: DayBounds,
): Promise<void> {
  const column = escapeIdentifier(table.column);
  await client.query(
    `WITH moved AS (
       DELETE FROM ${qualified(table.schema, from)} WHERE ${column} >= $1 AND ${column} < $2 RETURNING *
     )
     INSERT INTO ${qualified(table.schema, to)} SELECT * FROM moved`,
    [bounds.from, bounds.to],
  );
}

/** Attaches a detached table as the partition of that range. */
export async function attach(
  client: ClientBase,
  table: PartitionedTable,
  name: string,
  bounds: DayBounds,
): Promise<void> {
  await client.query(
    `ALTER TABLE ${qualified(table.schema, table.name)} ATTACH PARTITION ${qualified(table.schema, name)}
     FOR VALUES FROM (${escapeLiteral(bounds.from)}) TO (${escapeLiteral(bounds.to)})`,
  );
}
