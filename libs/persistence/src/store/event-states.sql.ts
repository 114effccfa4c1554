import type { EventState, EventStatus, Transaction } from '@millrace/messaging';

interface StateRow {
  readonly event_id: string;
  readonly state: EventState;
  readonly processed_at: Date | null;
  readonly attempt: number | null;
  readonly reason: string | null;
}

const STATES = `
  SELECT asked.event_id,
         CASE WHEN i.processed_at IS NOT NULL THEN 'done'
              WHEN f.state <> 'resolved' THEN f.state
              WHEN p.event_id IS NOT NULL THEN 'parked'
              ELSE coalesce(f.state, 'unknown') END AS state,
         i.processed_at, f.reason,
         coalesce(f.attempt, head.attempt, CASE WHEN p.event_id IS NOT NULL THEN 0 END) AS attempt
    FROM unnest($2::uuid[]) WITH ORDINALITY AS asked (event_id, position)
    LEFT JOIN inbox i        ON i.consumer_group = $1 AND i.event_id = asked.event_id
    LEFT JOIN failed_event f ON f.consumer_group = $1 AND f.event_id = asked.event_id
    LEFT JOIN parked_event p ON p.consumer_group = $1 AND p.event_id = asked.event_id
    LEFT JOIN parked_key head
           ON head.consumer_group = $1 AND head.topic = p.topic AND head.key_digest = p.key_digest
          AND NOT EXISTS (SELECT FROM parked_event before
                           WHERE before.consumer_group = $1 AND before.topic = p.topic
                             AND before.key_digest = p.key_digest AND before.source_offset < p.source_offset)
   ORDER BY asked.position`;

/** Where events stand in a group, in the order asked; attempts are those of its failure or of a parked head. */
export async function eventStates(
  tx: Transaction,
  group: string,
  eventIds: readonly string[],
): Promise<EventStatus[]> {
  const rows = await tx.query<StateRow>(STATES, [group, eventIds]);
  return rows.map((row) => ({
    eventId: row.event_id,
    state: row.state,
    ...(row.processed_at ? { processedAt: row.processed_at } : {}),
    ...(row.attempt === null ? {} : { attempts: row.attempt }),
    ...(row.reason === null ? {} : { reason: row.reason }),
  }));
}
