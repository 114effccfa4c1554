import type {
  Claim,
  DeathReason,
  FailureState,
  InboxEntry,
  KnownFailure,
  Transaction,
} from '@millrace/messaging';

interface ClaimRow {
  readonly event_id: string;
  readonly fresh: boolean;
  readonly state: FailureState | null;
  readonly acked: boolean;
  readonly attempt: number;
  readonly reason: DeathReason;
  readonly error_class: string;
  readonly error_message: string;
}

const CLAIM = `
  WITH asked AS (
    SELECT DISTINCT ON (event_id) event_id, received_at
      FROM unnest($2::uuid[], $3::double precision[]) AS entry (event_id, received_ms),
           LATERAL to_timestamp(received_ms / 1000) AS received_at
     ORDER BY event_id, received_at
  ), failed AS (
    SELECT f.event_id, f.state, f.acked, f.attempt, f.reason, f.error_class, f.error_message
      FROM failed_event f
     WHERE f.consumer_group = $1 AND f.event_id = ANY ($2::uuid[]) AND f.state <> 'resolved'
  ), claimed AS (
    INSERT INTO inbox (consumer_group, event_id, received_at, processed_at)
    SELECT $1, a.event_id, a.received_at, to_timestamp($4::double precision / 1000)
      FROM asked a
     WHERE NOT EXISTS (SELECT FROM failed f WHERE f.event_id = a.event_id)
     ORDER BY a.event_id
        ON CONFLICT DO NOTHING
    RETURNING event_id
  )
  SELECT a.event_id, c.event_id IS NOT NULL AS fresh,
         f.state, f.acked, f.attempt, f.reason, f.error_class, f.error_message
    FROM asked a
    LEFT JOIN claimed c USING (event_id)
    LEFT JOIN failed f USING (event_id)`;

/** Claims events in the inbox and tells which of them left the happy path before, in one statement. */
export async function claimEvents(
  tx: Transaction,
  group: string,
  entries: readonly InboxEntry[],
  processedAt: number,
): Promise<Claim[]> {
  const rows = await tx.query<ClaimRow>(CLAIM, [
    group,
    entries.map((entry) => entry.eventId),
    entries.map((entry) => entry.receivedAt),
    processedAt,
  ]);
  return rows.map((row) => {
    const claim = { eventId: row.event_id, fresh: row.fresh };
    return row.state === null ? claim : { ...claim, failure: failureOf(row, row.state) };
  });
}

function failureOf(row: ClaimRow, state: FailureState): KnownFailure {
  return {
    state,
    acknowledged: row.acked,
    attempt: row.attempt,
    reason: row.reason,
    errorClass: row.error_class,
    errorMessage: row.error_message,
  };
}
