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
         CASE WHEN i.event_id IS NOT NULL THEN 'done' ELSE coalesce(f.state, 'unknown') END AS state,
         i.processed_at, f.attempt, f.reason
    FROM unnest($2::uuid[]) WITH ORDINALITY AS asked (event_id, position)
    LEFT JOIN inbox i        ON i.consumer_group = $1 AND i.event_id = asked.event_id
    LEFT JOIN failed_event f ON f.consumer_group = $1 AND f.event_id = asked.event_id
   ORDER BY asked.position`;

/** Where events stand in a group, in the order asked: the inbox first, then the failures. */
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
