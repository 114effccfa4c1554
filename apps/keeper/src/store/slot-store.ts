import type { ClientBase } from 'pg';

/** A replication slot as the server has it. */
export interface Slot {
  readonly plugin: string;
  /** Whether it belongs to the database of this connection. */
  readonly here: boolean;
  /** Why the server gave it up, with the WAL that it held; null while it is good. */
  readonly lost: string | null;
  /** Whether somebody reads it now. */
  readonly active: boolean;
  /** Position in the WAL up to which its reader has confirmed everything. */
  readonly confirmedLsn: bigint;
  /** Bytes of WAL behind which it stands. */
  readonly lagBytes: number;
  /** Bytes of WAL that the server keeps for it. */
  readonly retainedBytes: number;
  /** Bytes of WAL that can be written before the server may give it up; null when that is unlimited. */
  readonly safeBytes: number | null;
}

interface StoredSlot extends Omit<Slot, 'confirmedLsn' | 'lagBytes' | 'retainedBytes' | 'safeBytes'> {
  readonly confirmed: string;
  readonly lag: string;
  readonly retained: string;
  readonly safe: string | null;
}

/** Reads a slot, which every role may; undefined when there is none of that name. */
export async function readSlot(client: ClientBase, name: string): Promise<Slot | undefined> {
  const { rows } = await client.query<StoredSlot>(
    `SELECT coalesce(plugin, 'none')::text AS plugin,
            database IS NOT DISTINCT FROM current_database() AS here,
            coalesce(invalidation_reason, CASE wal_status WHEN 'lost' THEN 'wal_removed' END) AS lost,
            active,
            (coalesce(confirmed_flush_lsn, '0/0') - '0/0')::text AS confirmed,
            greatest(0, pg_current_wal_lsn() - coalesce(confirmed_flush_lsn, restart_lsn))::text AS lag,
            coalesce(pg_current_wal_lsn() - restart_lsn, 0)::text AS retained,
            safe_wal_size::text AS safe
       FROM pg_replication_slots
      WHERE slot_name = $1`,
    [name],
  );
  const [row] = rows;
  if (!row) return undefined;
  const { confirmed, lag, retained, safe, ...slot } = row;
  return {
    ...slot,
    confirmedLsn: BigInt(confirmed),
    lagBytes: Number(lag),
    retainedBytes: Number(retained),
    safeBytes: safe === null ? null : Number(safe),
  };
}

/**
 * Creates a logical failover slot for pgoutput. Must be a transaction of its own: Postgres refuses one that has
 * written. It waits for the transactions that are writing now.
 */
export async function createSlot(client: ClientBase, name: string): Promise<void> {
  await client.query(`SELECT pg_create_logical_replication_slot($1, 'pgoutput', false, false, true)`, [name]);
}

/** Drops a slot that nobody reads; nothing happens when there is none of that name. */
export async function dropSlot(client: ClientBase, name: string): Promise<void> {
  await client.query(
    'SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1',
    [name],
  );
}
