import type { BlockedKey, Claim, EndedBlock, HeadWait, ParkedRecord, ParkedRun } from '@millrace/messaging';
import { resolveFailures } from './memory-failures.js';
import { enter, knownFailure, processInbox, standingOf } from './memory-inbox.js';
import {
  dropEmptyKeys,
  insertParked,
  lockKey,
  openKeys,
  parkedOf,
  passOn,
  placeOf,
  putKey,
  removeParked,
  resetKey,
  setHead,
  tryLockKey,
} from './memory-keys.js';
import { isSentBy } from './memory-replays.js';
import { eventKey, type KeyRow } from './memory-tables.js';
import type { MemoryTransaction } from './memory-transaction.js';

/** Parks records behind their keys, unless they are settled otherwise; tells of every event how it stands then. */
export async function parkRecords(
  tx: MemoryTransaction,
  group: string,
  records: readonly ParkedRecord[],
  at: number,
  head?: HeadWait,
): Promise<Claim[]> {
  await openKeys(tx, group, records, at);
  const firsts = new Map(records.toReversed().map((record) => [record.eventId, record]));
  const entered = new Set<string>();
  for (const eventId of [...firsts.keys()].toSorted()) {
    if (await enter(tx, group, eventId, {})) entered.add(eventId);
  }
  const parked = [...firsts.values()].filter(({ eventId }) => entered.has(eventId));
  insertParked(tx, group, parked);
  const [first] = records;
  if (first && head && entered.has(first.eventId)) setHead(tx, group, first, head);
  dropEmptyKeys(tx, group, records.map(placeOf));
  return [...new Set(records.map(({ eventId }) => eventId))].map((eventId) => standingOf(tx, group, eventId));
}

/** Blocked keys of a partition that satisfy a condition, longest due first. */
export function keysOf(
  tx: MemoryTransaction,
  group: string,
  topic: string,
  partition: number,
  condition: (key: KeyRow) => boolean = () => true,
): BlockedKey[] {
  return tx
    .all(tx.tables.keys)
    .filter((row) => row.group === group && row.topic === topic && row.partition === partition)
    .filter(condition)
    .toSorted((a, b) => a.notBefore - b.notBefore)
    .map((row) => ({ topic: row.topic, partition: row.partition, key: row.key }));
}

/** Locks a key unless somebody else has, and reads its lowest records. */
export function lockParkedKey(
  tx: MemoryTransaction,
  group: string,
  key: BlockedKey,
  limit: number,
): ParkedRun | undefined {
  const row = tryLockKey(tx, group, key);
  if (!row) return undefined;
  const records = parkedOf(tx, group, key).slice(0, limit);
  const [head] = records;
  if (!head) passOn(tx, group, key, 0);
  return {
    topic: row.topic,
    partition: row.partition,
    key: row.key,
    state: row.state,
    attempt: row.attempt,
    notBefore: row.notBefore,
    ...(row.firstFailureAt === undefined ? {} : { firstFailureAt: row.firstFailureAt }),
    records,
    ...(head ? failureOfHead(tx, group, head.eventId) : {}),
  };
}

function failureOfHead(
  tx: MemoryTransaction,
  group: string,
  eventId: string,
): Pick<ParkedRun, 'failure' | 'replay'> {
  const failure = knownFailure(tx.get(tx.tables.failures, eventKey(group, eventId)));
  if (!failure) return {};
  const { replayId } = failure;
  if (replayId === undefined || !isSentBy(tx, replayId, eventId)) return { failure };
  const outsideEffects = tx.get(tx.tables.replays, replayId)?.outsideEffects ?? false;
  return { failure, replay: { replayId, outsideEffects } };
}

/** Parked records of a locked key take effect; the next one is the head. */
export async function takeParkedRecords(
  tx: MemoryTransaction,
  group: string,
  key: BlockedKey,
  records: readonly ParkedRecord[],
  at: number,
): Promise<{ readonly free: boolean }> {
  const ids = records.map(({ eventId }) => eventId);
  for (const eventId of ids.toSorted()) await processInbox(tx, group, eventId, at);
  resolveFailures(tx, group, ids, at);
  removeParked(tx, group, ids);
  return passOn(tx, group, key, at);
}

/** The head of a waiting key waits on. */
export async function postponeHead(
  tx: MemoryTransaction,
  group: string,
  key: BlockedKey,
  wait: HeadWait,
): Promise<void> {
  const row = await lockKey(tx, group, key);
  if (row?.state === 'waiting') putKey(tx, { ...row, ...wait });
}

/** Takes the dead head of a key away, in one topic or in all; its followers are due at once. */
export async function endBlockOf(
  tx: MemoryTransaction,
  group: string,
  key: Buffer,
  how: 'release' | 'discard',
  at: number,
  onlyTopic?: string,
): Promise<EndedBlock[]> {
  const ended: EndedBlock[] = [];
  const same = tx.all(tx.tables.keys).filter((row) => row.group === group && row.key.equals(key));
  const asked = same.filter((row) => row.topic === (onlyTopic ?? row.topic));
  for (const { topic } of asked.toSorted((a, b) => (a.topic < b.topic ? -1 : 1))) {
    const row = await lockKey(tx, group, { topic, key });
    if (row?.state !== 'dead') continue;
    const [head, ...followers] = parkedOf(tx, group, row);
    if (head) {
      if (how === 'discard') resolveFailures(tx, group, [head.eventId], at);
      removeParked(tx, group, [head.eventId]);
      ended.push({ topic, partition: row.partition, eventId: head.eventId, waiting: followers.length });
    }
    resetKey(tx, group, row, at);
  }
  return ended;
}
