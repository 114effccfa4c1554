import type { ClientBase } from 'pg';
import type { PartitionedTable } from '../partitions/partition-plan.js';
import { qualified } from './qualified.js';

/** A table named like a day partition: attached, or left over from a drop that was interrupted. */
export interface DayTable {
  readonly name: string;
  readonly attached: boolean;
}

/** Reads the tables beside a partitioned table that are named like its day partitions and are its own or nobody's. */
export async function readDayTables(
  client: ClientBase,
  table: PartitionedTable,
): Promise<readonly DayTable[]> {
  const { rows } = await client.query<DayTable>(
    `SELECT child.relname::text AS name, child.relispartition AS attached
       FROM pg_class AS parent
       JOIN pg_namespace AS space ON space.oid = parent.relnamespace
       JOIN pg_class AS child ON child.relnamespace = space.oid AND child.relkind = 'r'
       LEFT JOIN pg_inherits ON inhrelid = child.oid
      WHERE space.nspname = $1 AND parent.relname = $2 AND parent.relkind = 'p'
        AND child.relname ~ ('^' || $2 || '_p[0-9]{8}$')
        AND (inhparent IS NULL OR inhparent = parent.oid)
      ORDER BY child.relname`,
    [table.schema, table.name],
  );
  return rows;
}

/** Takes a partition out of its table; it stays as a table of its own. Locks the parent for a moment. */
export async function detach(client: ClientBase, table: PartitionedTable, name: string): Promise<void> {
  await client.query(
    `ALTER TABLE ${qualified(table.schema, table.name)} DETACH PARTITION ${qualified(table.schema, name)}`,
  );
}

/** Removes a partition that was detached; nobody reads or writes it any more. */
export async function dropDetached(client: ClientBase, table: PartitionedTable, name: string): Promise<void> {
  await client.query(`DROP TABLE IF EXISTS ${qualified(table.schema, name)}`);
}
