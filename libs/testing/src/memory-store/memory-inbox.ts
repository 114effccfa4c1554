import type { Claim, EventStatus, InboxEntry, KnownFailure, TakenOver } from '@millrace/messaging';
import { lockFailure, resolveFailures } from './memory-failures.js';
import { isHead, keyRowOf } from './memory-keys.js';
import { isSentBy } from './memory-replays.js';
import { eventKey, type FailureRow, type InboxRow } from './memory-tables.js';
import type { MemoryTransaction } from './memory-transaction.js';

/** Claims events for the effect of this transaction; waits for whoever claims one of them in an open one. */
export async function claimEvents(
  tx: MemoryTransaction,
  group: string,
  entries: readonly InboxEntry[],
  at: number,
): Promise<Claim[]> {
  const asked = [...new Set(entries.map(({ eventId }) => eventId))];
  const fresh = new Set<string>();
  for (const eventId of asked.toSorted()) {
    if (await enter(tx, group, eventId, { processedAt: at })) fresh.add(eventId);
  }
  return asked.map((eventId) =>
    fresh.has(eventId) ? { eventId, standing: 'fresh' } : standingOf(tx, group, eventId),
  );
}

/** Enters an event that nobody has decided about; false when somebody has. */
export async function enter(
  tx: MemoryTransaction,
  group: string,
  eventId: string,
  row: InboxRow,
): Promise<boolean> {
  if (inboxRow(tx, group, eventId)) return false;
  const name = inboxLock(group, eventId);
  const wait = tx.lock(name);
  if (wait) await wait;
  const known = inboxRow(tx, group, eventId) !== undefined;
  if (known) tx.unlock(name);
  else tx.put(tx.tables.inbox, eventKey(group, eventId), row);
  return !known;
}

/** Locks the inbox row of an event and tells whether the event took effect. */
export async function lockInbox(tx: MemoryTransaction, group: string, eventId: string): Promise<boolean> {
  const wait = tx.lock(inboxLock(group, eventId));
  if (wait) await wait;
  return inboxRow(tx, group, eventId)?.processedAt !== undefined;
}

/** Notes that an event which had left the happy path takes effect; throws when it already has. */
export async function processInbox(
  tx: MemoryTransaction,
  group: string,
  eventId: string,
  at: number,
): Promise<void> {
  if (await lockInbox(tx, group, eventId)) {
    throw Object.assign(new Error(`event ${eventId} has taken effect before`), { code: 'EFFECT_TWICE' });
  }
  tx.put(tx.tables.inbox, eventKey(group, eventId), { processedAt: at });
}

/** Takes retried and replayed events over from the failures. */
export async function takeOverEvents(
  tx: MemoryTransaction,
  group: string,
  entries: readonly TakenOver[],
  at: number,
): Promise<Claim[]> {
  const ids = [...new Set(entries.map(({ eventId }) => eventId))];
  const fresh = new Set<string>();
  for (const eventId of ids.toSorted()) {
    const done = await lockInbox(tx, group, eventId);
    const failure = await lockFailure(tx, group, eventId);
    const asked = entries.filter((entry) => entry.eventId === eventId);
    if (done || !failure || !asked.some((entry) => isAsAsked(tx, entry, failure))) continue;
    await processInbox(tx, group, eventId, at);
    resolveFailures(tx, group, [eventId], at);
    fresh.add(eventId);
  }
  return ids.map((eventId) =>
    fresh.has(eventId) ? { eventId, standing: 'fresh' } : standingOf(tx, group, eventId),
  );
}

function isAsAsked(tx: MemoryTransaction, { eventId, by }: TakenOver, failure: FailureRow): boolean {
  if ('attempt' in by) return failure.state === 'retrying' && failure.attempt === by.attempt;
  const armed = failure.state === 'dead' && failure.acknowledged && failure.replayId === by.replayId;
  return armed && isSentBy(tx, by.replayId, eventId);
}

/** How an event stands that the inbox knows. */
export function standingOf(tx: MemoryTransaction, group: string, eventId: string): Claim {
  if (inboxRow(tx, group, eventId)?.processedAt !== undefined) return { eventId, standing: 'done' };
  const failure = knownFailure(tx.get(tx.tables.failures, eventKey(group, eventId)));
  const parked = tx.get(tx.tables.parked, eventKey(group, eventId));
  if (failure && !(failure.acknowledged && parked)) return { eventId, standing: 'failed', failure };
  return { eventId, standing: parked ? 'parked' : 'done' };
}

/** The failure that a row tells of; undefined when there is none or it is resolved. */
export function knownFailure(row: FailureRow | undefined): KnownFailure | undefined {
  if (!row || row.state === 'resolved') return undefined;
  const { state, acknowledged, attempt, reason, errorClass, errorMessage, firstFailureAt } = row;
  return {
    state,
    acknowledged,
    attempt,
    reason,
    errorClass,
    errorMessage,
    firstFailureAt,
    ...(row.notBefore === undefined ? {} : { notBefore: row.notBefore }),
    ...(row.replayId === undefined ? {} : { replayId: row.replayId }),
  };
}

/** Where an event stands, as operators are told. */
export function statusOf(tx: MemoryTransaction, group: string, eventId: string): EventStatus {
  const processedAt = inboxRow(tx, group, eventId)?.processedAt;
  const failure = tx.get(tx.tables.failures, eventKey(group, eventId));
  const parked = tx.get(tx.tables.parked, eventKey(group, eventId))?.parked;
  const state = () => {
    if (processedAt !== undefined) return 'done';
    if (failure && failure.state !== 'resolved') return failure.state;
    return parked ? 'parked' : (failure?.state ?? 'unknown');
  };
  const head = parked && isHead(tx, group, parked) ? keyRowOf(tx, group, parked)?.attempt : undefined;
  const attempts = failure?.attempt ?? (parked ? (head ?? 0) : undefined);
  return {
    eventId,
    state: state(),
    ...(processedAt === undefined ? {} : { processedAt: new Date(processedAt) }),
    ...(attempts === undefined ? {} : { attempts }),
    ...(failure ? { reason: failure.reason } : {}),
  };
}

function inboxRow(tx: MemoryTransaction, group: string, eventId: string): InboxRow | undefined {
  if (tx.tables.done.has(eventId)) return { processedAt: 0 };
  return tx.get(tx.tables.inbox, eventKey(group, eventId));
}

function inboxLock(group: string, eventId: string): string {
  return `inbox ${group} ${eventId}`;
}
