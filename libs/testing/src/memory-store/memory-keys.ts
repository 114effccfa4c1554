import type { BlockedKey, BrokerRecord, HeadWait, ParkedRecord } from '@millrace/messaging';
import { eventKey, parkedKey, type KeyRow } from './memory-tables.js';
import type { MemoryTransaction } from './memory-transaction.js';

type KeyName = Pick<BlockedKey, 'topic' | 'key'>;
type ParkedName = { readonly eventId: string } & (KeyName | ParkedRecord);

/** Where a parked record belongs. */
export function placeOf({ key, record }: ParkedRecord): BlockedKey {
  return { topic: record.topic, partition: record.partition, key };
}

/** The row of a key or of a parked record's key. */
export function keyRowOf(
  tx: MemoryTransaction,
  group: string,
  of: KeyName | ParkedRecord,
): KeyRow | undefined {
  return tx.get(tx.tables.keys, parkedKey(group, nameOf(of)));
}

/** Writes the row of a key. */
export function putKey(tx: MemoryTransaction, row: KeyRow): void {
  tx.put(tx.tables.keys, parkedKey(row.group, row), row);
}

/** Locks a key and gives its row. */
export async function lockKey(
  tx: MemoryTransaction,
  group: string,
  key: KeyName,
): Promise<KeyRow | undefined> {
  const wait = tx.lock(keyLock(group, key));
  if (wait) await wait;
  return keyRowOf(tx, group, key);
}

/** Locks a key unless somebody else has; undefined then, and when it is not blocked. */
export function tryLockKey(tx: MemoryTransaction, group: string, key: KeyName): KeyRow | undefined {
  return keyRowOf(tx, group, key) && tx.tryLock(keyLock(group, key)) ? keyRowOf(tx, group, key) : undefined;
}

/** Blocks the keys of records that are not blocked yet, due at once, and locks all of them. */
export async function openKeys(
  tx: MemoryTransaction,
  group: string,
  records: readonly ParkedRecord[],
  at: number,
): Promise<void> {
  const byName = new Map(records.map((record) => [parkedKey(group, nameOf(record)), placeOf(record)]));
  for (const name of [...byName.keys()].toSorted()) {
    const place = byName.get(name);
    if (!place || (await lockKey(tx, group, place))) continue;
    putKey(tx, { ...place, group, state: 'waiting', attempt: 0, notBefore: at });
  }
}

/** Records parked behind a key, in log order. */
export function parkedOf(tx: MemoryTransaction, group: string, of: KeyName | ParkedRecord): ParkedRecord[] {
  const name = parkedKey(group, nameOf(of));
  return tx
    .all(tx.tables.parked)
    .filter((row) => row.group === group && parkedKey(group, nameOf(row.parked)) === name)
    .map(({ parked }) => parked)
    .toSorted((a, b) => Number(a.record.offset - b.record.offset));
}

/** Whether an event is the head of its key. */
export function isHead(tx: MemoryTransaction, group: string, of: ParkedName): boolean {
  return parkedOf(tx, group, of)[0]?.eventId === of.eventId;
}

/** Stores records behind their locked keys; one that is stored already stays as it is. */
export function insertParked(tx: MemoryTransaction, group: string, records: readonly ParkedRecord[]): void {
  for (const parked of records) {
    const key = eventKey(group, parked.eventId);
    if (tx.get(tx.tables.parked, key)) continue;
    const record = { ...parked.record, headers: storedHeaders(parked.record.headers) };
    tx.put(tx.tables.parked, key, { group, parked: { ...parked, record } });
  }
}

/** Forgets parked records. */
export function removeParked(tx: MemoryTransaction, group: string, eventIds: readonly string[]): void {
  for (const eventId of eventIds) tx.put(tx.tables.parked, eventKey(group, eventId), undefined);
}

/** Makes a record wait so, if it is the head of its key. */
export function setHead(tx: MemoryTransaction, group: string, parked: ParkedRecord, wait: HeadWait): void {
  const row = keyRowOf(tx, group, parked);
  if (row && isHead(tx, group, parked)) putKey(tx, { ...row, ...wait, state: 'waiting' });
}

/** The head of a key, whichever it is now, is due at once and was never tried. */
export function resetKey(tx: MemoryTransaction, group: string, key: KeyName, at: number): void {
  const row = keyRowOf(tx, group, key);
  if (!row) return;
  const { firstFailureAt: _past, ...kept } = row;
  putKey(tx, { ...kept, state: 'waiting', attempt: 0, notBefore: at });
}

/** Ends the block of those keys that no record is left of. */
export function dropEmptyKeys(tx: MemoryTransaction, group: string, keys: readonly KeyName[]): void {
  for (const key of keys) {
    if (parkedOf(tx, group, key).length > 0) continue;
    tx.put(tx.tables.keys, parkedKey(group, key), undefined);
  }
}

/** The head of a locked key is gone: the next record is the head, due at once. Tells whether none is left. */
export function passOn(
  tx: MemoryTransaction,
  group: string,
  key: KeyName,
  at: number,
): { readonly free: boolean } {
  const free = parkedOf(tx, group, key).length === 0;
  if (free) dropEmptyKeys(tx, group, [key]);
  else resetKey(tx, group, key, at);
  return { free };
}

function nameOf(of: KeyName | ParkedRecord): KeyName {
  return 'record' in of ? { topic: of.record.topic, key: of.key } : of;
}

function keyLock(group: string, key: KeyName): string {
  return `key ${parkedKey(group, key)}`;
}

/** Header values as a database gives them back: bytes, and a list only where there are several. */
function storedHeaders(headers: BrokerRecord['headers']): BrokerRecord['headers'] {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      if (value === undefined) return [];
      const values = (Array.isArray(value) ? value : [value]).map((one) => Buffer.from(one));
      return [[name, values.length === 1 ? values[0] : values]];
    }),
  );
}
