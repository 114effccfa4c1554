import type { BlockedKey, HeadWait, ParkedRecord, Transaction } from '@millrace/messaging';

const OPEN = `
  INSERT INTO parked_key (consumer_group, topic, key, partition, state, attempt, not_before)
  SELECT DISTINCT ON (topic, sha256(key)) $1::text, topic, key, partition, 'waiting', 0,
         to_timestamp($5::double precision / 1000)
    FROM unnest($2::text[], $3::bytea[], $4::integer[]) AS asked (topic, key, partition)
   ORDER BY topic, sha256(key)
      ON CONFLICT (consumer_group, topic, key_digest) DO UPDATE SET topic = excluded.topic`;

/** Blocks the keys of records that are not blocked yet, due at once, and locks all of them. */
export async function openKeys(
  tx: Transaction,
  group: string,
  records: readonly ParkedRecord[],
  at: number,
): Promise<void> {
  await tx.query(OPEN, [
    group,
    records.map(({ record }) => record.topic),
    records.map(({ key }) => key),
    records.map(({ record }) => record.partition),
    at,
  ]);
}

/** A parked key, as of its lock. */
export interface ParkedKeyRow {
  readonly partition: number;
  readonly state: 'waiting' | 'dead';
  readonly attempt: number;
  readonly not_before: Date;
  readonly first_failure_at: Date | null;
}

const LOCK = `
  SELECT partition, state, attempt, not_before, first_failure_at
    FROM parked_key
   WHERE consumer_group = $1 AND topic = $2 AND key_digest = sha256($3::bytea)
     FOR UPDATE`;

/** Locks a key; undefined when it is not blocked. */
export async function lockKey(
  tx: Transaction,
  group: string,
  { topic, key }: Pick<BlockedKey, 'topic' | 'key'>,
): Promise<ParkedKeyRow | undefined> {
  return (await tx.query<ParkedKeyRow>(LOCK, [group, topic, key]))[0];
}

/** Locks a key; undefined when it is not blocked, or locked by somebody else. */
export async function tryLockKey(
  tx: Transaction,
  group: string,
  { topic, key }: BlockedKey,
): Promise<ParkedKeyRow | undefined> {
  return (await tx.query<ParkedKeyRow>(`${LOCK} SKIP LOCKED`, [group, topic, key]))[0];
}

const LOCK_DEAD = `
  SELECT topic, partition, key
    FROM parked_key
   WHERE consumer_group = $1 AND key_digest = sha256($2::bytea) AND state = 'dead'
     AND topic = coalesce($3::text, topic)
   ORDER BY topic
     FOR UPDATE`;

/** Locks a key where a dead head blocks it: in that topic, or in every one. */
export function lockDeadKeys(
  tx: Transaction,
  group: string,
  key: Buffer,
  topic?: string,
): Promise<BlockedKey[]> {
  return tx.query<BlockedKey>(LOCK_DEAD, [group, key, topic ?? null]);
}

const SET_HEAD = `
  UPDATE parked_key k
     SET state = 'waiting', attempt = $4, not_before = to_timestamp($5::double precision / 1000),
         first_failure_at = to_timestamp($6::double precision / 1000)
   WHERE k.consumer_group = $1 AND k.topic = $2 AND k.key_digest = sha256($3::bytea)
     AND $7::uuid = (SELECT e.event_id
                       FROM parked_event e
                      WHERE e.consumer_group = k.consumer_group AND e.topic = k.topic
                        AND e.key_digest = k.key_digest
                      ORDER BY e.source_offset
                      LIMIT 1)`;

/** Makes the head of a key wait so; nothing when that event is not the head. */
export async function setHead(
  tx: Transaction,
  group: string,
  { key, record }: ParkedRecord,
  { attempt, notBefore, firstFailureAt }: HeadWait,
  eventId: string,
): Promise<void> {
  await tx.query(SET_HEAD, [group, record.topic, key, attempt, notBefore, firstFailureAt, eventId]);
}

const POSTPONE = `
  UPDATE parked_key
     SET attempt = $4, not_before = to_timestamp($5::double precision / 1000),
         first_failure_at = to_timestamp($6::double precision / 1000)
   WHERE consumer_group = $1 AND topic = $2 AND key_digest = sha256($3::bytea) AND state = 'waiting'`;

/** The head of a waiting key waits on. */
export async function postponeHead(
  tx: Transaction,
  group: string,
  { topic, key }: BlockedKey,
  { attempt, notBefore, firstFailureAt }: HeadWait,
): Promise<void> {
  await tx.query(POSTPONE, [group, topic, key, attempt, notBefore, firstFailureAt]);
}

const KILL = `
  UPDATE parked_key SET state = 'dead'
   WHERE consumer_group = $1 AND topic = $2 AND key_digest = sha256($3::bytea)`;

/** The head of a key is dead and stays. */
export async function killKey(tx: Transaction, group: string, { topic, key }: BlockedKey): Promise<void> {
  await tx.query(KILL, [group, topic, key]);
}

const RESET = `
  UPDATE parked_key
     SET state = 'waiting', attempt = 0, first_failure_at = NULL,
         not_before = to_timestamp($4::double precision / 1000)
   WHERE consumer_group = $1 AND topic = $2 AND key_digest = sha256($3::bytea)`;

/** The head of a key, whichever it is now, is due at once and was never tried. */
export async function resetKey(
  tx: Transaction,
  group: string,
  { topic, key }: Pick<BlockedKey, 'topic' | 'key'>,
  at: number,
): Promise<void> {
  await tx.query(RESET, [group, topic, key, at]);
}

const DROP_EMPTY = `
  DELETE FROM parked_key k
   USING unnest($2::text[], $3::bytea[]) AS asked (topic, key)
   WHERE k.consumer_group = $1 AND k.topic = asked.topic AND k.key_digest = sha256(asked.key)
     AND NOT EXISTS (SELECT FROM parked_event e
                      WHERE e.consumer_group = k.consumer_group AND e.topic = k.topic
                        AND e.key_digest = k.key_digest)
  RETURNING k.topic`;

/** Ends the block of those locked keys that no record is left of; answers how many. */
export async function dropEmptyKeys(
  tx: Transaction,
  group: string,
  records: readonly Pick<ParkedRecord, 'key' | 'record'>[],
): Promise<number> {
  const topics = records.map(({ record }) => record.topic);
  return (await tx.query(DROP_EMPTY, [group, topics, records.map(({ key }) => key)])).length;
}

/** The head of a locked key is gone: the next record is the head, due at once. Tells whether none is left. */
export async function passOn(
  tx: Transaction,
  group: string,
  key: BlockedKey,
  at: number,
): Promise<{ readonly free: boolean }> {
  const dropped = await tx.query(DROP_EMPTY, [group, [key.topic], [key.key]]);
  if (dropped.length > 0) return { free: true };
  await resetKey(tx, group, key, at);
  return { free: false };
}
