import type { FailedEvent, FailureRecorded, Transaction } from '@millrace/messaging';

interface RecordedRow {
  readonly recorded: boolean;
  readonly done: boolean;
}

const RECORD = `
  WITH done AS (
    SELECT FROM inbox WHERE consumer_group = $1 AND event_id = $2
  ), recorded AS (
    INSERT INTO failed_event AS f
           (consumer_group, event_id, state, acked, attempt, reason, error_class, error_message,
            topic, partition, source_offset, updated_at)
    SELECT $1, $2, $3, false, $4, $5, $6, $7, $8, $9, $10, to_timestamp($11::double precision / 1000)
     WHERE NOT EXISTS (SELECT FROM done)
        ON CONFLICT (consumer_group, event_id) DO UPDATE
       SET state = excluded.state, acked = false, attempt = excluded.attempt, reason = excluded.reason,
           error_class = excluded.error_class, error_message = excluded.error_message,
           topic = excluded.topic, partition = excluded.partition, source_offset = excluded.source_offset,
           updated_at = excluded.updated_at
     WHERE NOT (f.state = 'dead' AND f.acked)
    RETURNING true
  )
  SELECT EXISTS (SELECT FROM recorded) AS recorded, EXISTS (SELECT FROM done) AS done`;

/** Records that an event leaves the happy path, unless it took effect or is dead for good already. */
export async function recordFailedEvent(
  tx: Transaction,
  failure: FailedEvent,
  at: number,
): Promise<FailureRecorded> {
  const [row] = await tx.query<RecordedRow>(RECORD, [
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
    at,
  ]);
  if (row?.done) return 'already-done';
  return row?.recorded ? 'recorded' : 'already-dead';
}

const ACKNOWLEDGE = `
  UPDATE failed_event
     SET acked = true,
         state = CASE state WHEN 'dying' THEN 'dead' ELSE state END,
         updated_at = to_timestamp($3::double precision / 1000)
   WHERE consumer_group = $1 AND event_id = $2`;

/** Notes that the broker acknowledged the record of a failure; dying becomes dead. */
export async function acknowledgeFailedEvent(
  tx: Transaction,
  group: string,
  eventId: string,
  at: number,
): Promise<void> {
  await tx.query(ACKNOWLEDGE, [group, eventId, at]);
}
