import { escapeIdentifier, type ClientBase } from 'pg';

/**
 * What the keepers hold of their slot:
 * `trusted` it is theirs and has given all that it had to · `halted` it was missing, lost or not theirs: nothing runs
 * until somebody recovers · `recovering` a recovery is under way or was killed · `recovered` a recovery has produced
 * everything and the connector may run again.
 */
export type CaptureState = 'trusted' | 'halted' | 'recovering' | 'recovered';

/** The note about a slot that outlives every keeper. */
export interface CaptureRecord {
  readonly state: CaptureState;
  /** Why it is halted. */
  readonly reason: string | null;
  /** Position of the slot up to which it was proven to be the keepers' own. */
  readonly provenLsn: bigint;
  /** Every outbox row with an earlier `occurred_at` is on the log (milliseconds since the epoch, or -Infinity). */
  readonly publishedBefore: number;
}

/** Schema of the keepers' own tables. */
export const KEEPER_SCHEMA = 'keeper';

interface StoredRecord {
  readonly state: CaptureState;
  readonly reason: string | null;
  readonly proven: string;
  readonly published: string;
}

/** Makes the keepers' schema and table, owned by the role that keeps; needs a superuser. */
export async function putCaptureRecords(client: ClientBase, keeper: string): Promise<void> {
  const owner = escapeIdentifier(keeper);
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${KEEPER_SCHEMA} AUTHORIZATION ${owner}`);
  await client.query(
    `CREATE TABLE IF NOT EXISTS ${KEEPER_SCHEMA}.capture (
       slot             text        PRIMARY KEY,
       state            text        NOT NULL CHECK (state IN ('trusted', 'halted', 'recovering', 'recovered')),
       reason           text,
       proven_lsn       pg_lsn      NOT NULL,
       published_before timestamptz NOT NULL,
       changed_at       timestamptz NOT NULL DEFAULT now()
     )`,
  );
  await client.query(`ALTER TABLE ${KEEPER_SCHEMA}.capture OWNER TO ${owner}`);
}

/** Reads the note about a slot; undefined when the keepers never made or took over one of that name. */
export async function readCaptureRecord(
  client: ClientBase,
  slot: string,
): Promise<CaptureRecord | undefined> {
  const { rows } = await client.query<StoredRecord>(
    `SELECT state, reason, (proven_lsn - '0/0')::text AS proven,
            (extract(epoch FROM published_before) * 1000)::float8::text AS published
       FROM ${KEEPER_SCHEMA}.capture WHERE slot = $1`,
    [slot],
  );
  const [row] = rows;
  if (!row) return undefined;
  return {
    state: row.state,
    reason: row.reason,
    provenLsn: BigInt(row.proven),
    publishedBefore: Number(row.published),
  };
}

/**
 * Takes the slot as it stands now as the keepers' own. A slot that is seen for the first time has published nothing
 * for certain; one that a recovery made keeps what the one before it had published.
 */
export async function adoptSlot(client: ClientBase, slot: string, state: CaptureState): Promise<void> {
  await client.query(
    `INSERT INTO ${KEEPER_SCHEMA}.capture AS noted (slot, state, proven_lsn, published_before)
     SELECT slot_name, $2, confirmed_flush_lsn, '-infinity' FROM pg_replication_slots WHERE slot_name = $1
         ON CONFLICT (slot) DO UPDATE
        SET state = excluded.state, reason = NULL, proven_lsn = excluded.proven_lsn, changed_at = now()`,
    [slot, state],
  );
}

/** Notes how far the slot is proven and what is published; never backwards, and only while nobody has halted it. */
export async function noteProgress(
  client: ClientBase,
  slot: string,
  { provenLsn, publishedBefore }: Pick<CaptureRecord, 'provenLsn' | 'publishedBefore'>,
): Promise<void> {
  await client.query(
    `UPDATE ${KEEPER_SCHEMA}.capture
        SET proven_lsn = greatest(proven_lsn, '0/0'::pg_lsn + $2::numeric),
            published_before = greatest(published_before, to_timestamp($3::float8 / 1000))
      WHERE slot = $1 AND state IN ('trusted', 'recovered')`,
    [slot, provenLsn.toString(), publishedBefore],
  );
}

/** Moves the note from one of the states to another; false when it stood in none of them. */
export async function changeCaptureState(
  client: ClientBase,
  slot: string,
  from: readonly CaptureState[],
  [to, reason]: readonly [to: CaptureState, reason?: string],
): Promise<boolean> {
  const { rowCount } = await client.query(
    `UPDATE ${KEEPER_SCHEMA}.capture SET state = $3, reason = $4, changed_at = now()
      WHERE slot = $1 AND state = ANY ($2::text[])`,
    [slot, from, to, reason ?? null],
  );
  return rowCount === 1;
}
