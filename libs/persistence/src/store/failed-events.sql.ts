import type { FailedEvent, FailureState, Transaction } from '@millrace/messaging';

/** What decides about a failure, as of its lock. */
export interface LockedFailure {
  readonly event_id: string;
  readonly state: FailureState;
  readonly acked: boolean;
  readonly attempt: number;
  readonly replay_id: string | null;
}

const LOCK = `
  SELECT event_id, state, acked, attempt, replay_id
    FROM failed_event
   WHERE consumer_group = $1 AND event_id = ANY ($2::uuid[])
   ORDER BY event_id
     FOR UPDATE`;

/** Locks the failures of events; by event id. */
export async function lockFailures(
  tx: Transaction,
  group: string,
  eventIds: readonly string[],
): Promise<Map<string, LockedFailure>> {
  const rows = await tx.query<LockedFailure>(LOCK, [group, eventIds]);
  return new Map(rows.map((row) => [row.event_id, row]));
}

const PUT = `
  INSERT INTO failed_event
         (consumer_group, event_id, state, acked, attempt, reason, error_class, error_message,
          topic, partition, source_offset, first_failure_at, not_before, replay_id, updated_at)
  VALUES ($1, $2, $3, false, $4, $5, $6, $7, $8, $9, $10, to_timestamp($11::double precision / 1000),
          to_timestamp($12::double precision / 1000), $13, to_timestamp($14::double precision / 1000))
      ON CONFLICT (consumer_group, event_id) DO UPDATE
     SET state = excluded.state, acked = false, attempt = excluded.attempt, reason = excluded.reason,
         error_class = excluded.error_class, error_message = excluded.error_message,
         topic = excluded.topic, partition = excluded.partition, source_offset = excluded.source_offset,
         first_failure_at = excluded.first_failure_at, not_before = excluded.not_before,
         updated_at = excluded.updated_at`;

/** Writes a failure, not acknowledged, over what was known of it; only arming gives it to another replay. */
export async function putFailure(tx: Transaction, failure: FailedEvent, at: number): Promise<void> {
  await tx.query(PUT, [
    failure.group,
    failure.eventId,
    failure.state,
    failure.attempt,
    failure.reason,
    failure.errorClass,
    failure.errorMessage,
    failure.topic,
    failure.partition,
    failure.offset.toString(),
    failure.firstFailureAt,
    failure.notBefore ?? null,
    failure.replayId ?? null,
    at,
  ]);
}

const ACKNOWLEDGE = `
  UPDATE failed_event
     SET acked = true,
         state = CASE state WHEN 'dying' THEN 'dead' ELSE state END,
         updated_at = to_timestamp($4::double precision / 1000)
   WHERE consumer_group = $1 AND event_id = $2 AND attempt = $3 AND state IN ('retrying', 'dying')
  RETURNING state`;

/** Notes that the record of a failure is acknowledged; answers with the new state, undefined when it was not this attempt. */
export async function acknowledgeAttempt(
  tx: Transaction,
  group: string,
  eventId: string,
  attempt: number,
  at: number,
): Promise<'retrying' | 'dead' | undefined> {
  const [row] = await tx.query<{ state: 'retrying' | 'dead' }>(ACKNOWLEDGE, [group, eventId, attempt, at]);
  return row?.state;
}

const RESOLVE = `
  WITH resolved AS (
    UPDATE failed_event
       SET state = 'resolved', acked = true, error_message = '', not_before = NULL,
           updated_at = to_timestamp($3::double precision / 1000)
     WHERE consumer_group = $1 AND event_id = ANY ($2::uuid[]) AND state <> 'resolved'
    RETURNING event_id
  )
  UPDATE replay_event r
     SET result = 'done', at = to_timestamp($3::double precision / 1000)
    FROM resolved
   WHERE r.consumer_group = $1 AND r.event_id = resolved.event_id AND r.result = 'sent'`;

/** Resolves the failures of events and forgets what their errors said; every replay that sent them hears of it. */
export async function resolveFailures(
  tx: Transaction,
  group: string,
  eventIds: readonly string[],
  at: number,
): Promise<void> {
  if (eventIds.length > 0) await tx.query(RESOLVE, [group, eventIds, at]);
}
