import type { Transaction } from '@millrace/messaging';
import type { {{Thing}} } from '../domain/{{thing}}.js';

const KEEP = `
  INSERT INTO {{table}} AS known ({{columns}})
  SELECT *
    FROM unnest({{arrays}}) AS given ({{keyColumn}})
   ORDER BY {{keyColumn}}
      ON CONFLICT ({{keyColumn}})
      DO UPDATE SET {{updates}}
       WHERE known.event_id < excluded.event_id`;

/**
 * Keeps what is newer than what is known, in one statement; each {{aggregate}} at most once. Rows are locked in the order
 * of their keys, so that concurrent batches wait but never deadlock.
 */
export function keepLatest(tx: Transaction, latest: readonly {{Thing}}[]): void {
  tx.write(KEEP, [
    latest.map(({ {{key}} }) => {{key}}),
    latest.map(({ eventId }) => eventId),
{{parameters}}
  ]);
}
