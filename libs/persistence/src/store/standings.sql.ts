import type { Claim, Transaction } from '@millrace/messaging';
import { knownFailure, type FailureRow } from './failure-row.js';

interface StandingRow extends FailureRow {
  readonly event_id: string;
  readonly parked: boolean;
}

const STANDINGS = `
  SELECT asked.event_id, p.event_id IS NOT NULL AS parked,
         f.state, f.acked, f.attempt, f.reason, f.error_class, f.error_message,
         f.first_failure_at, f.not_before, f.replay_id
    FROM unnest($2::uuid[]) AS asked (event_id)
    LEFT JOIN failed_event f ON f.consumer_group = $1 AND f.event_id = asked.event_id
    LEFT JOIN parked_event p ON p.consumer_group = $1 AND p.event_id = asked.event_id`;

/**
 * How events stand that the inbox knows, by event id. One that neither waits nor has an unresolved failure took
 * effect, was discarded, or was forgotten after its retention: it is done with.
 */
export async function standingsOf(
  tx: Transaction,
  group: string,
  eventIds: readonly string[],
): Promise<Map<string, Claim>> {
  if (eventIds.length === 0) return new Map();
  const rows = await tx.query<StandingRow>(STANDINGS, [group, eventIds]);
  return new Map(rows.map((row) => [row.event_id, standingOf(row)]));
}

function standingOf(row: StandingRow): Claim {
  const eventId = row.event_id;
  const failure = knownFailure(row);
  // A dead head that blocks its key counts as parked, so that whoever meets it learns that its key is blocked.
  if (failure && !(failure.acknowledged && row.parked)) return { eventId, standing: 'failed', failure };
  return { eventId, standing: row.parked ? 'parked' : 'done' };
}
