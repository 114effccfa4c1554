import { escapeIdentifier, escapeLiteral, type ClientBase } from 'pg';
import { qualified } from '../../store/qualified.js';
import type { RetainedRow } from '../outbox-record.js';

/** Rows fetched at once; each may hold 900 kB. */
const FETCH_ROWS = 50;
const CURSOR = escapeIdentifier('millrace_recover');

/**
 * Gives the rows of an outbox that were written by transactions which began at that instant or later, in bounded
 * memory. Must run in a transaction.
 *
 * The order is that of commits where the server keeps their times (track_commit_timestamp), as the connector's is.
 * Otherwise it is that of ids. Both keep the order of each key: whoever writes an event of an aggregate first locks the
 * aggregate's row, so the writer before it has committed by then; the time of its commit is smaller, and so is its id,
 * a uuidv7 made when the event was appended, as long as the clocks of a service's instances differ by less than two
 * changes of one aggregate lie apart. `occurred_at` would not do: it is when the transaction began.
 */
export async function* retainedRows(
  client: ClientBase,
  schema: string,
  sinceMs: number,
): AsyncGenerator<readonly RetainedRow[]> {
  const { rows } = await client.query<{ tracked: boolean }>(
    `SELECT current_setting('track_commit_timestamp') = 'on' AS tracked`,
  );
  const literal = escapeLiteral(String(sinceMs / 1_000));
  const order = rows[0]?.tracked ? 'pg_xact_commit_timestamp(xmin) NULLS FIRST, id' : 'id';
  await client.query(
    `DECLARE ${CURSOR} NO SCROLL CURSOR FOR
       SELECT id::text, aggregate_id, topic, type, source, data_schema, spec_version, causation_id, content_type,
              payload, traceparent,
              to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS occurred_at
         FROM ${qualified(schema, 'outbox')}
        WHERE occurred_at >= to_timestamp(${literal}::float8)
        ORDER BY ${order}`,
  );
  for (;;) {
    const batch = await client.query<RetainedRow>(`FETCH ${FETCH_ROWS} FROM ${CURSOR}`);
    if (batch.rows.length === 0) break;
    yield batch.rows;
  }
  await client.query(`CLOSE ${CURSOR}`);
}

/** The transactions that are under way now: an id that all later ones are above. */
export async function newestTransaction(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ newest: string }>(
    `SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS newest`,
  );
  return rows[0]?.newest ?? '0';
}

/** Whether every transaction below that id has ended and is visible. */
export async function hasEnded(client: ClientBase, newest: string): Promise<boolean> {
  const { rows } = await client.query<{ ended: boolean }>(
    `SELECT pg_snapshot_xmin(pg_current_snapshot()) >= $1::xid8 AS ended`,
    [newest],
  );
  return rows[0]?.ended === true;
}
