import type { Armed, ReplayCounts, ReplayStarted } from '@millrace/messaging';
import { lockFailure } from './memory-failures.js';
import { isHead, keyRowOf, lockKey, placeOf, resetKey } from './memory-keys.js';
import { eventKey } from './memory-tables.js';
import type { MemoryTransaction } from './memory-transaction.js';

/** Opens the ledger of a replay. */
export function startReplay(tx: MemoryTransaction, replay: ReplayStarted): void {
  const { group, replayId, outsideEffects } = replay;
  tx.put(tx.tables.replays, replayId, { group, replayId, outsideEffects, state: 'running' });
}

/** Closes the ledger of a running replay. */
export function finishReplay(
  tx: MemoryTransaction,
  replayId: string,
  state: 'completed' | 'stopped' | 'aborted',
  at: number,
): void {
  const row = tx.get(tx.tables.replays, replayId);
  if (row?.state === 'running') tx.put(tx.tables.replays, replayId, { ...row, state, finishedAt: at });
}

/** How the events of a replay stand. */
export function replayCounts(tx: MemoryTransaction, group: string, replayId: string): ReplayCounts {
  const counts = { sent: 0, done: 0, failed: 0 };
  for (const row of tx.all(tx.tables.replayEvents)) {
    if (row.group === group && row.replayId === replayId) counts[row.result] += 1;
  }
  return counts;
}

/** Whether a replay has sent an event that has no result yet. */
export function isSentBy(tx: MemoryTransaction, replayId: string, eventId: string): boolean {
  return tx.get(tx.tables.replayEvents, eventKey(replayId, eventId))?.result === 'sent';
}

/** Tells every replay that sent an event what became of it. */
export function settleSent(
  tx: MemoryTransaction,
  group: string,
  eventId: string,
  result: 'done' | 'failed',
): void {
  for (const row of tx.all(tx.tables.replayEvents)) {
    if (row.group !== group || row.eventId !== eventId || row.result !== 'sent') continue;
    tx.put(tx.tables.replayEvents, eventKey(row.replayId, eventId), { ...row, result });
  }
}

/** Gives a dead event to a replay; one that it has seen die again is another replay's. */
export async function armEvent(
  tx: MemoryTransaction,
  group: string,
  eventId: string,
  replayId: string,
  at: number,
): Promise<Armed> {
  const before = tx.get(tx.tables.parked, eventKey(group, eventId))?.parked;
  if (before) await lockKey(tx, group, placeOf(before));
  const known = await lockFailure(tx, group, eventId);
  if (known?.state !== 'dead' || !known.acknowledged) return 'not-dead';
  const ledger = tx.get(tx.tables.replayEvents, eventKey(replayId, eventId));
  if (ledger && ledger.result !== 'sent') return 'not-dead';
  tx.put(tx.tables.replayEvents, eventKey(replayId, eventId), { group, replayId, eventId, result: 'sent' });
  tx.put(tx.tables.failures, eventKey(group, eventId), { ...known, replayId, updatedAt: at });
  const parked = tx.get(tx.tables.parked, eventKey(group, eventId))?.parked;
  if (!parked) return 'armed';
  if (keyRowOf(tx, group, parked)?.state === 'dead' && isHead(tx, group, parked)) {
    resetKey(tx, group, placeOf(parked), at);
  }
  return 'rearmed';
}
