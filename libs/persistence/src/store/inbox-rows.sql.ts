import type { InboxEntry, Transaction } from '@millrace/messaging';

const ENTER = `
  INSERT INTO inbox (consumer_group, event_id, received_at)
  SELECT DISTINCT ON (event_id) $1::text, event_id, to_timestamp(received_ms / 1000)
    FROM unnest($2::uuid[], $3::double precision[]) AS entry (event_id, received_ms)
   ORDER BY event_id, received_ms
      ON CONFLICT DO NOTHING
  RETURNING event_id`;

/**
 * Enters events that leave the happy path, without an effect; answers with those that were not known. Waits for
 * whoever claims one of them in an open transaction.
 */
export async function enterInbox(
  tx: Transaction,
  group: string,
  entries: readonly InboxEntry[],
): Promise<Set<string>> {
  const ids = entries.map(({ eventId }) => eventId);
  const received = entries.map(({ receivedAt }) => receivedAt);
  const rows = await tx.query<{ event_id: string }>(ENTER, [group, ids, received]);
  return new Set(rows.map((row) => row.event_id));
}

const LOCK = `
  SELECT event_id, processed_at IS NOT NULL AS done
    FROM inbox
   WHERE consumer_group = $1 AND event_id = ANY ($2::uuid[])
   ORDER BY event_id
     FOR UPDATE`;

/** Locks the inbox rows of events and answers with those that took effect. */
export async function lockInbox(
  tx: Transaction,
  group: string,
  eventIds: readonly string[],
): Promise<Set<string>> {
  const rows = await tx.query<{ event_id: string; done: boolean }>(LOCK, [group, eventIds]);
  return new Set(rows.filter((row) => row.done).map((row) => row.event_id));
}

const PROCESS = `
  INSERT INTO inbox AS i (consumer_group, event_id, received_at, processed_at)
  SELECT DISTINCT ON (event_id) $1::text, event_id,
         to_timestamp(received_ms / 1000), to_timestamp($4::double precision / 1000)
    FROM unnest($2::uuid[], $3::double precision[]) AS entry (event_id, received_ms)
   ORDER BY event_id, received_ms
      ON CONFLICT (consumer_group, event_id) DO UPDATE SET processed_at = excluded.processed_at
   WHERE i.processed_at IS NULL
  RETURNING event_id`;

/** An event was to take effect although it already has: the transaction must not commit. */
export class EffectTwiceError extends Error {
  readonly code = 'EFFECT_TWICE';
  override readonly name = 'EffectTwiceError';
}

/**
 * Notes that events which had left the happy path take effect, also when their row is gone with its partition.
 * Throws `EffectTwiceError` when one of them has taken effect before.
 */
export async function processInbox(
  tx: Transaction,
  group: string,
  entries: readonly InboxEntry[],
  at: number,
): Promise<void> {
  if (entries.length === 0) return;
  const ids = entries.map(({ eventId }) => eventId);
  const received = entries.map(({ receivedAt }) => receivedAt);
  const rows = await tx.query(PROCESS, [group, ids, received, at]);
  if (rows.length === new Set(ids).size) return;
  throw new EffectTwiceError('an event has taken effect before; roll back and look at where it stands');
}
