import type { ClientBase } from 'pg';

/** A replication slot as the server has it. */
export interface Slot {
  readonly plugin: string;
  /** Whether it belongs to the database of this connection. */
  readonly here: boolean;
  /** Why the server gave it up, with the WAL that it held; null while it is good. */
  readonly lost: string | null;
}

/** Reads a slot, which every role may; undefined when there is none of that name. */
export async function readSlot(client: ClientBase, name: string): Promise<Slot | undefined> {
  const { rows } = await client.query<Slot>(
    `SELECT coalesce(plugin, 'none')::text AS plugin,
            database IS NOT DISTINCT FROM current_database() AS here,
            coalesce(invalidation_reason, CASE wal_status WHEN 'lost' THEN 'wal_removed' END) AS lost
       FROM pg_replication_slots
      WHERE slot_name = $1`,
    [name],
  );
  return rows[0];
}

/**
 * Creates a logical failover slot for pgoutput. Must be a transaction of its own: Postgres refuses one that has
 * written. It waits for the transactions that are writing now.
 */
export async function createSlot(client: ClientBase, name: string): Promise<void> {
  await client.query(`SELECT pg_create_logical_replication_slot($1, 'pgoutput', false, false, true)`, [name]);
}
