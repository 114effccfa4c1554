/** Row of the statements: what is known of a batch, null where nothing is; numbers as decimal text. */
export interface BatchRow {
  readonly batchId: string;
  readonly arrivedOrders: string;
  readonly arrivedSum: string;
  readonly arrivedXor: string;
  readonly begunAt: Date | null;
  readonly endedAt: Date | null;
  readonly orders: string | null;
  readonly refusedLines: string | null;
  readonly checksumSum: string | null;
  readonly checksumXor: string | null;
}

const BATCHES = `
  SELECT batch_id AS "batchId", coalesce(arrival.orders, 0) AS "arrivedOrders",
         coalesce(hash_sum, 0) AS "arrivedSum", coalesce(hash_xor, 0) AS "arrivedXor",
         begun_at AS "begunAt", ended_at AS "endedAt", announced.orders, refused_lines AS "refusedLines",
         checksum_sum AS "checksumSum", checksum_xor AS "checksumXor"
    FROM batch_arrival AS arrival FULL JOIN batch_announcement AS announced USING (batch_id)`;

/** Reads one batch; $1 is its id. */
export const FIND_BATCH = `${BATCHES} WHERE batch_id = $1`;
