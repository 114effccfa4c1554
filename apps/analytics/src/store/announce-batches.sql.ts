import type { OrderBatchBegun, OrderBatchEnded } from '@millrace/contracts';
import type { Transaction } from '@millrace/messaging';

const BEGIN = `
  INSERT INTO batch_announcement (batch_id, begun_at)
  SELECT batch_id, min(begun_at) FROM unnest($1::text[], $2::timestamptz[]) AS given (batch_id, begun_at)
   GROUP BY batch_id ORDER BY batch_id
      ON CONFLICT (batch_id) DO UPDATE SET begun_at = least(batch_announcement.begun_at, excluded.begun_at)`;

/** Keeps when batches have begun; the first beginning stays. */
export function announceBegun(tx: Transaction, begun: readonly OrderBatchBegun[]): void {
  tx.write(BEGIN, [begun.map(({ batchId }) => batchId), begun.map(({ begunAt }) => begunAt)]);
}

const END = `
  INSERT INTO batch_announcement AS known
              (batch_id, ended_at, orders, refused_lines, checksum_sum, checksum_xor)
  SELECT DISTINCT ON (batch_id) *
    FROM unnest($1::text[], $2::timestamptz[], $3::bigint[], $4::bigint[], $5::text[], $6::text[])
      AS given (batch_id, ended_at)
   ORDER BY batch_id, ended_at DESC
      ON CONFLICT (batch_id) DO UPDATE
     SET ended_at = excluded.ended_at, orders = excluded.orders, refused_lines = excluded.refused_lines,
         checksum_sum = excluded.checksum_sum, checksum_xor = excluded.checksum_xor
   WHERE known.ended_at IS NULL OR known.ended_at < excluded.ended_at`;

/** Keeps what the newest end of each batch announced, in whatever order they come. */
export function announceEnded(tx: Transaction, ended: readonly OrderBatchEnded[]): void {
  tx.write(END, [
    ended.map(({ batchId }) => batchId),
    ended.map(({ endedAt }) => endedAt),
    ended.map(({ orders }) => orders),
    ended.map(({ refusedLines }) => refusedLines),
    ended.map(({ checksum }) => checksum.sum),
    ended.map(({ checksum }) => checksum.xor),
  ]);
}
