import type { ClientBase } from 'pg';
import { lowestUuidOf } from '../partitions/day-bounds.js';
import type { WalMark } from '../slot/wal-marks.js';
import { qualified } from './qualified.js';

interface Transactions {
  readonly settled: Date;
  readonly writers: Date;
  /** Whether a transaction may be hidden: prepared ones have no start, and a role without pg_monitor sees none. */
  readonly hidden: boolean;
}

/** How far the clocks of services and database may differ in milliseconds before the gauge overlooks a row. */
const CLOCK_SLACK_MS = 1_000;

/**
 * Notes a position in the WAL with what is certainly before it; undefined while transactions are hidden from view.
 * The order of the two statements is the proof: whoever began before `settledBefore` is in the list of the first, or
 * has ended, and then its commit is in the WAL below the position that is read afterwards.
 */
export async function takeWalMark(client: ClientBase): Promise<WalMark | undefined> {
  const { rows } = await client.query<Transactions>(
    `SELECT least(statement_timestamp(), min(xact_start)) AS settled,
            least(statement_timestamp(), min(xact_start) FILTER (WHERE backend_xid IS NOT NULL)) AS writers,
            coalesce(bool_or(query = '<insufficient privilege>'), false)
              OR current_setting('track_activities') = 'off'
              OR EXISTS (SELECT FROM pg_prepared_xacts WHERE database = current_database()) AS hidden
       FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND coalesce(backend_type, 'hidden') NOT IN ('autovacuum worker', 'walsender')`,
  );
  const [seen] = rows;
  const { rows: places } = await client.query<{ lsn: string }>(
    `SELECT (pg_current_wal_insert_lsn() - '0/0')::text AS lsn`,
  );
  const [place] = places;
  if (!seen || !place || seen.hidden) return undefined;
  return {
    lsn: BigInt(place.lsn),
    settledBefore: seen.settled.getTime(),
    writersSince: seen.writers.getTime(),
  };
}

/**
 * Age in seconds of the first outbox row whose id was made at that instant or later, 0 when there is none. Ids are
 * uuidv7, so the primary key of each partition gives its first such row at once, whatever the outbox holds.
 */
export async function oldestSince(
  client: ClientBase,
  { schema, owner }: { readonly schema: string; readonly owner: string },
  instantMs: number,
): Promise<number> {
  await client.query(`SELECT set_config('role', $1, true)`, [owner]);
  const { rows } = await client.query<{ age: number }>(
    `SELECT greatest(0, extract(epoch FROM clock_timestamp() - occurred_at))::float8 AS age
       FROM ${qualified(schema, 'outbox')} WHERE id >= $1 ORDER BY id LIMIT 1`,
    [lowestUuidOf(Math.max(0, Math.floor(instantMs) - CLOCK_SLACK_MS))],
  );
  return rows[0]?.age ?? 0;
}
