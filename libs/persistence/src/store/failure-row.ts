import type { FailureReason, FailureState, KnownFailure } from '@millrace/messaging';

/** Columns of `failed_event` that tell of a failure; null where a join found none. */
export interface FailureRow {
  readonly state: FailureState | null;
  readonly acked: boolean;
  readonly attempt: number;
  readonly reason: FailureReason;
  readonly error_class: string;
  readonly error_message: string;
  readonly first_failure_at: Date;
  readonly not_before: Date | null;
  readonly replay_id: string | null;
}

/** The failure that a row tells of; undefined when there is none or it is resolved. */
export function knownFailure(row: FailureRow): KnownFailure | undefined {
  if (row.state === null || row.state === 'resolved') return undefined;
  return {
    state: row.state,
    acknowledged: row.acked,
    attempt: row.attempt,
    reason: row.reason,
    errorClass: row.error_class,
    errorMessage: row.error_message,
    firstFailureAt: row.first_failure_at.getTime(),
    ...(row.not_before ? { notBefore: row.not_before.getTime() } : {}),
    ...(row.replay_id ? { replayId: row.replay_id } : {}),
  };
}
