import { withDatabase } from '../harness/database.js';

/** Bytes that Postgres has written since its statistics began. */
export interface PostgresWrites {
  /** Everything: tables, indexes, write-ahead log. */
  readonly allBytes: number;
  /** What was put into the write-ahead log. */
  readonly walBytes: number;
}

const WRITES = `
  SELECT (SELECT sum(coalesce(write_bytes, 0) + coalesce(extend_bytes, 0)) FROM pg_stat_io) AS "allBytes",
         (SELECT wal_bytes FROM pg_stat_wal) AS "walBytes"`;

/**
 * Postgres' own account of its writes. The system's would not do: it charges a whole large folio of the page cache for
 * a commit's few kilobytes in it.
 */
export async function postgresWrites(url: string): Promise<PostgresWrites> {
  return withDatabase(url, async (client) => {
    const { rows } = await client.query<{ allBytes: string; walBytes: string }>(WRITES);
    return { allBytes: Number(rows[0]?.allBytes), walBytes: Number(rows[0]?.walBytes) };
  });
}
