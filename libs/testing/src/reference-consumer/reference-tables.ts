import type { Transaction } from '@millrace/messaging';

/** Tables of a reference consumer; nothing in `effect` keeps an event from taking effect twice. */
export const REFERENCE_TABLES = `
  CREATE TABLE effect (place bigserial PRIMARY KEY, event_id uuid NOT NULL, key text NOT NULL, seq integer NOT NULL,
                       source_partition integer NOT NULL, source_offset bigint NOT NULL);
  CREATE TABLE behaviour (name text PRIMARY KEY, kind text NOT NULL CHECK (kind IN ('fail', 'fatal', 'kill', 'slow')),
                          times integer, slow_ms integer)`;

/** An effect of one event. */
export interface EffectRow {
  readonly event_id: string;
  readonly key: string;
  readonly seq: number;
  readonly source_partition: number;
  readonly source_offset: string;
}

/** How the handler treats an event: see `Behaviour` of the reference group. */
export interface BehaviourRow {
  readonly name: string;
  readonly kind: 'fail' | 'fatal' | 'kill' | 'slow';
  readonly times: number | null;
  readonly slow_ms: number | null;
}

/** Anything that runs one statement. */
export type RunStatement = Transaction['query'];

/** Writes the effects of a batch. */
export async function insertEffects(query: RunStatement, rows: readonly EffectRow[]): Promise<void> {
  await query(
    `INSERT INTO effect (event_id, key, seq, source_partition, source_offset)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::integer[], $4::integer[], $5::bigint[])`,
    [
      rows.map(({ event_id }) => event_id),
      rows.map(({ key }) => key),
      rows.map(({ seq }) => seq),
      rows.map(({ source_partition }) => source_partition),
      rows.map(({ source_offset }) => source_offset),
    ],
  );
}

/** Behaviours of these names, and the one of all (`*`), which are not used up. */
export function behavioursOf(query: RunStatement, names: readonly string[]): Promise<BehaviourRow[]> {
  return query<BehaviourRow>(
    `SELECT name, kind, times, slow_ms FROM behaviour
      WHERE (name = ANY ($1) OR name = '*') AND (times IS NULL OR times > 0)`,
    [names],
  );
}

/** Uses a behaviour up by one time; outside of the effect's transaction, which is about to fail. */
export async function spendBehaviour(query: RunStatement, name: string): Promise<void> {
  await query(`UPDATE behaviour SET times = times - 1 WHERE name = $1`, [name]);
}
