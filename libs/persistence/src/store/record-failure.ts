import type {
  Acknowledgement,
  FailedEvent,
  FailureRecorded,
  ParkedRecord,
  Transaction,
} from '@millrace/messaging';
import { acknowledgeAttempt, lockFailures, putFailure } from './failed-events.sql.js';
import { enterInbox, lockInbox } from './inbox-rows.sql.js';
import { insertParked, isHead, removeParked } from './parking/parked-events.sql.js';
import { dropEmptyKeys, killKey, lockKey, openKeys, passOn, setHead } from './parking/parked-keys.sql.js';
import { failSent, sentBy } from './replay-ledger.sql.js';

/**
 * Records that an event leaves the happy path, unless it took effect or is dead for good; with `parked` also parks it
 * as the head of its key. Locks in the order of the whole store: key, inbox, failure, parked event.
 */
export async function recordFailure(
  tx: Transaction,
  failure: FailedEvent,
  at: number,
  parked?: ParkedRecord,
): Promise<FailureRecorded> {
  const { group, eventId, attempt, firstFailureAt } = failure;
  if (parked) await openKeys(tx, group, [parked], at);
  const recorded = await recordUnlessSettled(tx, failure, parked?.receivedAt ?? at, at);
  if (!parked) return recorded;
  if (recorded === 'recorded') {
    await insertParked(tx, group, [parked]);
    await setHead(tx, group, parked, { attempt, notBefore: at, firstFailureAt }, eventId);
  }
  await dropEmptyKeys(tx, group, [parked]);
  return recorded;
}

async function recordUnlessSettled(
  tx: Transaction,
  failure: FailedEvent,
  receivedAt: number,
  at: number,
): Promise<FailureRecorded> {
  const { group, eventId, replayId } = failure;
  await enterInbox(tx, group, [{ eventId, receivedAt }]);
  // Whoever applies the effect right now has locked the row: from here on it is known how that ended.
  if ((await lockInbox(tx, group, [eventId])).has(eventId)) return 'already-done';
  const known = (await lockFailures(tx, group, [eventId])).get(eventId);
  if (known?.state === 'resolved') return 'already-done';
  if (known?.state === 'dead' && known.acked) {
    const armed = replayId !== undefined && known.replay_id === replayId;
    const running = armed && (await sentBy(tx, group, [eventId])).get(replayId)?.has(eventId) === true;
    if (!running) return 'already-dead';
  }
  await putFailure(tx, failure, at);
  return 'recorded';
}

/**
 * Notes that the broker has acknowledged the record of a failure. A parked event that stays makes its key dead when
 * it is the head; one that does not stay makes way, and if it was the head, for the next one.
 */
export async function acknowledgeFailure(
  tx: Transaction,
  { group, eventId, attempt, head }: Acknowledgement,
  at: number,
): Promise<void> {
  if (head) await lockKey(tx, group, head);
  const state = await acknowledgeAttempt(tx, group, eventId, attempt, at);
  if (state === undefined) return;
  if (state === 'dead') await failSent(tx, group, eventId, at);
  if (!head) return;
  const first = await isHead(tx, group, head, eventId);
  if (head.stays) {
    if (first) await killKey(tx, group, head);
    return;
  }
  await removeParked(tx, group, [eventId]);
  if (first) await passOn(tx, group, head, at);
}
