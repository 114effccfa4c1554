import type {
  Acknowledgement,
  DeadCount,
  FailedEvent,
  FailureRecorded,
  ParkedRecord,
} from '@millrace/messaging';
import { enter, lockInbox } from './memory-inbox.js';
import {
  dropEmptyKeys,
  insertParked,
  isHead,
  keyRowOf,
  lockKey,
  openKeys,
  passOn,
  placeOf,
  putKey,
  removeParked,
  setHead,
} from './memory-keys.js';
import { isSentBy, settleSent } from './memory-replays.js';
import { eventKey, type FailureRow, type MemoryTables } from './memory-tables.js';
import type { MemoryTransaction } from './memory-transaction.js';

/** Records that an event leaves the happy path, unless it is settled; with `parked` as the head of its key. */
export async function recordFailure(
  tx: MemoryTransaction,
  failure: FailedEvent,
  at: number,
  parked?: ParkedRecord,
): Promise<FailureRecorded> {
  const { group, attempt, firstFailureAt } = failure;
  if (parked) await openKeys(tx, group, [parked], at);
  const recorded = await recordUnlessSettled(tx, failure, at);
  if (!parked) return recorded;
  if (recorded === 'recorded') {
    insertParked(tx, group, [parked]);
    setHead(tx, group, parked, { attempt, notBefore: at, firstFailureAt });
  }
  dropEmptyKeys(tx, group, [placeOf(parked)]);
  return recorded;
}

async function recordUnlessSettled(
  tx: MemoryTransaction,
  failure: FailedEvent,
  at: number,
): Promise<FailureRecorded> {
  const { group, eventId, replayId } = failure;
  await enter(tx, group, eventId, {});
  if (await lockInbox(tx, group, eventId)) return 'already-done';
  const known = await lockFailure(tx, group, eventId);
  if (known?.state === 'resolved') return 'already-done';
  if (known?.state === 'dead' && known.acknowledged) {
    const armed = replayId !== undefined && known.replayId === replayId && isSentBy(tx, replayId, eventId);
    if (!armed) return 'already-dead';
  }
  const kept = known?.replayId === undefined ? {} : { replayId: known.replayId };
  const row = { ...kept, ...failure, acknowledged: false, updatedAt: at };
  tx.put(tx.tables.failures, eventKey(group, eventId), row);
  return 'recorded';
}

/** Notes that the record of a failure is acknowledged; a parked head stays dead or makes way. */
export async function acknowledgeFailure(
  tx: MemoryTransaction,
  { group, eventId, attempt, head }: Acknowledgement,
  at: number,
): Promise<void> {
  if (head) await lockKey(tx, group, head);
  const row = await lockFailure(tx, group, eventId);
  if (!row || row.attempt !== attempt || !['retrying', 'dying'].includes(row.state)) return;
  const state = row.state === 'dying' ? 'dead' : row.state;
  const acknowledged = { ...row, state, acknowledged: true, updatedAt: at };
  tx.put(tx.tables.failures, eventKey(group, eventId), acknowledged);
  if (state === 'dead') settleSent(tx, group, eventId, 'failed');
  if (!head) return;
  const first = isHead(tx, group, { ...head, eventId });
  const key = keyRowOf(tx, group, head);
  if (head.stays) {
    if (first && key) putKey(tx, { ...key, state: 'dead' });
    return;
  }
  removeParked(tx, group, [eventId]);
  if (first) passOn(tx, group, head, at);
}

/** Locks the failure of an event. */
export async function lockFailure(
  tx: MemoryTransaction,
  group: string,
  eventId: string,
): Promise<FailureRow | undefined> {
  const wait = tx.lock(`failure ${group} ${eventId}`);
  if (wait) await wait;
  return tx.get(tx.tables.failures, eventKey(group, eventId));
}

/** Resolves failures and forgets what their errors said; every replay that sent them hears of it. */
export function resolveFailures(
  tx: MemoryTransaction,
  group: string,
  eventIds: readonly string[],
  at: number,
): void {
  for (const eventId of eventIds) {
    const row = tx.get(tx.tables.failures, eventKey(group, eventId));
    if (!row || row.state === 'resolved') continue;
    const { notBefore: _due, ...kept } = row;
    const resolved = {
      ...kept,
      state: 'resolved',
      acknowledged: true,
      errorMessage: '',
      updatedAt: at,
    } as const;
    tx.put(tx.tables.failures, eventKey(group, eventId), resolved);
    settleSent(tx, group, eventId, 'done');
  }
}

/** Committed dead events of a group by topic and reason. */
export function deadCounts({ failures }: MemoryTables, group: string): DeadCount[] {
  const dead = [...failures.rows.values()].filter((row) => row.group === group && row.state === 'dead');
  const kinds = Map.groupBy(dead, ({ topic, reason }) => `${topic} ${reason}`);
  return [...kinds.values()].flatMap((rows) =>
    rows.slice(0, 1).map(({ topic, reason }) => {
      const oldestAt = Math.min(...rows.map(({ updatedAt }) => updatedAt));
      return { topic, reason, count: rows.length, oldestAt };
    }),
  );
}
