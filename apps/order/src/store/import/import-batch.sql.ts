import type { BatchChecksum, ChecksumText } from '@millrace/contracts';
import type { Transaction } from '@millrace/messaging';

/** Batches among all advisory locks of the database. */
const LOCK_SPACE = 6;

const LOCK = `
  SELECT pg_try_advisory_xact_lock(hashtextextended($1, ${LOCK_SPACE})) AS locked,
         set_config('idle_in_transaction_session_timeout', '0', true)`;

/**
 * Locks a batch until the transaction ends, without waiting; false when another import has it. The transaction may then
 * lie idle for as long as the import takes: it holds no snapshot, so that nothing of the database waits for it.
 */
export async function lockBatch(tx: Transaction, batchId: string): Promise<boolean> {
  const [row] = await tx.query<{ locked: boolean }>(LOCK, [batchId]);
  return row?.locked === true;
}

/** An import of a batch: `run` tells it from every other one. */
export interface BatchRun {
  readonly batchId: string;
  readonly run: string;
}

const BEGIN = `
  INSERT INTO import_batch (batch_id, run, begun_at)
  VALUES ($1, $2, date_trunc('milliseconds', clock_timestamp()))
      ON CONFLICT (batch_id) DO NOTHING
  RETURNING begun_at AS "begunAt"`;

const BEGIN_AGAIN = `UPDATE import_batch SET run = $2 WHERE batch_id = $1`;

/** Gives a batch to this import; when it is the first of the batch, tells when it has begun. */
export async function beginBatch(tx: Transaction, { batchId, run }: BatchRun): Promise<Date | undefined> {
  const [begun] = await tx.query<{ begunAt: Date }>(BEGIN, [batchId, run]);
  if (!begun) await tx.query(BEGIN_AGAIN, [batchId, run]);
  return begun?.begunAt;
}

const HOLD = `SELECT FROM import_batch WHERE batch_id = $1 AND run = $2 FOR UPDATE`;

/** Locks the row of a batch until the transaction ends; false when another import has taken the batch over. */
export async function holdBatch(tx: Transaction, { batchId, run }: BatchRun): Promise<boolean> {
  return (await tx.query(HOLD, [batchId, run])).length > 0;
}

const ADD = `
  UPDATE import_batch
     SET orders = orders + $2, hash_sum = (hash_sum + $3::numeric) % 18446744073709551616,
         hash_xor = hash_xor # $4::bigint
   WHERE batch_id = $1`;

/** Counts new orders of a batch whose row is held. */
export async function addToBatch(tx: Transaction, batchId: string, added: BatchChecksum): Promise<void> {
  const xor = BigInt.asIntN(64, added.xor);
  await tx.query(ADD, [batchId, added.orders, added.sum.toString(), xor.toString()]);
}

/** The orders of a batch that exist. */
export interface BatchContents {
  readonly orders: number;
  readonly checksum: ChecksumText;
}

const CONTENTS = `
  SELECT orders, hash_sum AS sum, hash_xor AS xor FROM import_batch WHERE batch_id = $1`;

/** Reads what a batch holds; it must exist. */
export async function batchContents(tx: Transaction, batchId: string): Promise<BatchContents> {
  const [row] = await tx.query<{ orders: string; sum: string; xor: string }>(CONTENTS, [batchId]);
  if (!row) throw new TypeError('a batch is imported that has no row');
  return { orders: Number(row.orders), checksum: { sum: hex(row.sum), xor: hex(row.xor) } };
}

const END = `
  UPDATE import_batch
     SET ended_orders = orders, ended_sum = hash_sum, ended_xor = hash_xor, refused_lines = $2,
         ended_at = greatest(date_trunc('milliseconds', clock_timestamp()), ended_at + interval '1 millisecond')
   WHERE batch_id = $1
     AND (ended_orders, ended_sum, ended_xor) IS DISTINCT FROM (orders, hash_sum, hash_xor)
  RETURNING ended_at AS "endedAt"`;

/**
 * Notes that a batch was read to its end, later than any time before; tells when, unless the same was said of it
 * already.
 */
export async function endBatch(
  tx: Transaction,
  batchId: string,
  refusedLines: number,
): Promise<Date | undefined> {
  const [ended] = await tx.query<{ endedAt: Date }>(END, [batchId, refusedLines]);
  return ended?.endedAt;
}

/** 64 bits, signed or not, as 16 hexadecimal digits. */
function hex(decimal: string): string {
  return BigInt.asUintN(64, BigInt(decimal)).toString(16).padStart(16, '0');
}
