import type { Transaction } from '@millrace/messaging';
import type { Idempotency, KnownKey } from '../domain/idempotency.js';

/** Keys of this table among all advisory locks of the database. */
const LOCK_SPACE = 5;

const LOCK = `
  SELECT key FROM unnest($1::text[]) AS asked (key)
   WHERE pg_try_advisory_xact_lock(hashtextextended(key, ${LOCK_SPACE}))`;

/**
 * Locks keys until the transaction ends, without waiting, and answers with those that nobody else holds. A statement of
 * its own, before the keys are read: one that reads as well would see the table as it was before the lock.
 */
export async function lockKeys(tx: Transaction, keys: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ key: string }>(LOCK, [keys]);
  return new Set(rows.map(({ key }) => key));
}

const FIND = `
  SELECT key, fingerprint, order_id AS "orderId" FROM idempotency_key
   WHERE key = ANY ($1::text[]) AND created_at > to_timestamp($2::double precision / 1000)`;

/** Keys that are remembered since that moment, milliseconds since the epoch. */
export async function findKeys(
  tx: Transaction,
  keys: readonly string[],
  since: number,
): Promise<ReadonlyMap<string, KnownKey>> {
  const rows = await tx.query<KnownKey>(FIND, [keys, since]);
  return new Map(rows.map((row) => [row.key, row]));
}

const INSERT = `
  INSERT INTO idempotency_key (key, fingerprint, order_id, created_at)
  SELECT key, fingerprint, order_id, to_timestamp($4::double precision / 1000)
    FROM unnest($1::text[], $2::bytea[], $3::uuid[]) AS made (key, fingerprint, order_id)
      ON CONFLICT (key) DO UPDATE
     SET fingerprint = excluded.fingerprint, order_id = excluded.order_id, created_at = excluded.created_at`;

/** Remembers keys that are locked; one that had expired stands for its new order. */
export function insertKeys(
  tx: Transaction,
  keys: readonly (Idempotency & { readonly orderId: string })[],
  at: number,
): void {
  if (keys.length === 0) return;
  tx.write(INSERT, [
    keys.map(({ key }) => key),
    keys.map(({ fingerprint }) => fingerprint),
    keys.map(({ orderId }) => orderId),
    at,
  ]);
}

/** Forgets the keys that expired; $1 is the moment before which they were made, milliseconds since the epoch. */
export const FORGET_KEYS = `
  DELETE FROM idempotency_key WHERE created_at <= to_timestamp($1::double precision / 1000)`;
