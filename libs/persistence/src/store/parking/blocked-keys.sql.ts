import type { BlockedKey, Transaction } from '@millrace/messaging';

const BLOCKED = `
  SELECT topic, partition, key
    FROM parked_key
   WHERE consumer_group = $1 AND topic = $2 AND partition = $3`;

/** All blocked keys of a partition. */
export function blockedKeys(
  tx: Transaction,
  group: string,
  topic: string,
  partition: number,
): Promise<BlockedKey[]> {
  return tx.query<BlockedKey>(BLOCKED, [group, topic, partition]);
}

const DUE = `
  SELECT topic, partition, key
    FROM parked_key
   WHERE consumer_group = $1 AND topic = $2 AND partition = $3
     AND (state = 'waiting' AND not_before <= to_timestamp($4::double precision / 1000)
          OR state = 'dead' AND $5::boolean)
   ORDER BY not_before
   LIMIT 100`;

/** Keys of a partition whose head is due, longest due first, and with `dead` those with a dead head. */
export function dueKeys(
  tx: Transaction,
  group: string,
  topic: string,
  partition: number,
  at: number,
  dead: boolean,
): Promise<BlockedKey[]> {
  return tx.query<BlockedKey>(DUE, [group, topic, partition, at, dead]);
}
