import type { Claim, InboxEntry, Transaction } from '@millrace/messaging';
import { standingsOf } from './standings.sql.js';

const CLAIM = `
  INSERT INTO inbox (consumer_group, event_id, received_at, processed_at)
  SELECT DISTINCT ON (event_id) $1::text, event_id,
         to_timestamp(received_ms / 1000), to_timestamp($4::double precision / 1000)
    FROM unnest($2::uuid[], $3::double precision[]) AS entry (event_id, received_ms)
   ORDER BY event_id, received_ms
      ON CONFLICT DO NOTHING
  RETURNING event_id`;

/**
 * Claims events for the effect of this transaction: one statement, and a second one, with a fresh snapshot, only for
 * those that somebody else has claimed or taken off the happy path.
 */
export async function claimEvents(
  tx: Transaction,
  group: string,
  entries: readonly InboxEntry[],
  at: number,
): Promise<Claim[]> {
  if (entries.length === 0) return [];
  const asked = entries.map(({ eventId }) => eventId.toLowerCase());
  const received = entries.map(({ receivedAt }) => receivedAt);
  const rows = await tx.query<{ event_id: string }>(CLAIM, [group, asked, received, at]);
  const fresh = new Set(rows.map((row) => row.event_id));
  const known = await standingsOf(
    tx,
    group,
    asked.filter((eventId) => !fresh.has(eventId)),
  );
  return [...new Set(asked)].map(
    (eventId) => known.get(eventId) ?? { eventId, standing: fresh.has(eventId) ? 'fresh' : 'done' },
  );
}
