import { lockKey, parkedOf, passOn, removeParked } from './memory-keys.js';
import { eventKey } from './memory-tables.js';
import type { MemoryTransaction } from './memory-transaction.js';

/** Forgets failures and replays that ended before that moment; the followers of an old dead head go on. */
export async function purgeBefore(tx: MemoryTransaction, group: string, before: number): Promise<void> {
  const { keys, failures, parked, replays, replayEvents } = tx.tables;
  for (const { topic, key } of tx.all(keys).filter((row) => row.group === group)) {
    const row = await lockKey(tx, group, { topic, key });
    const [head] = row ? parkedOf(tx, group, row) : [];
    const failure = head && tx.get(failures, eventKey(group, head.eventId));
    if (row?.state !== 'dead' || failure?.state !== 'dead' || failure.updatedAt >= before) continue;
    removeParked(tx, group, [failure.eventId]);
    passOn(tx, group, row, before);
  }
  for (const row of tx.all(failures)) {
    const ended = row.state === 'resolved' || row.state === 'dead';
    const waits = tx.get(parked, eventKey(group, row.eventId)) !== undefined;
    if (row.group !== group || !ended || waits || row.updatedAt >= before) continue;
    tx.put(failures, eventKey(group, row.eventId), undefined);
  }
  const old = tx.all(replays).filter((row) => row.group === group && (row.finishedAt ?? before) < before);
  for (const { replayId } of old) {
    tx.put(replays, replayId, undefined);
    for (const row of tx.all(replayEvents).filter((one) => one.replayId === replayId)) {
      tx.put(replayEvents, eventKey(replayId, row.eventId), undefined);
    }
  }
}
