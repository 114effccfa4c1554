import type { ClientBase } from 'pg';
import { lowestUuidOf } from '../../partitions/day-bounds.js';
import { qualified } from '../../store/qualified.js';
import { BUCKET_MS, type IdSet } from '../event-buckets.js';

/** Half-open range of the times in event ids, milliseconds since the epoch. */
export interface IdRange {
  readonly from: number;
  readonly to: number;
}

/** The ids of one topic in one bucket of an outbox. */
export interface OutboxBucket extends IdSet {
  readonly bucket: number;
  readonly topic: string;
}

/** An event of an outbox. */
export interface OutboxEvent {
  readonly id: string;
  readonly topic: string;
}

/** Expression for the first millisecond of the bucket of a uuidv7 column. */
export function bucketExpression(column: string): string {
  const bin = `date_bin('${BUCKET_MS} milliseconds', uuid_extract_timestamp(${column}), 'epoch')`;
  return `(extract(epoch FROM ${bin}) * 1000)::float8`;
}

/** Expression for the digest of a set of uuids. */
export function digestExpression(column: string): string {
  return `bit_xor(uuid_hash_extended(${column}, 0))::text`;
}

/** Parameters of a range of ids. */
export function boundsOf({ from, to }: IdRange): readonly [string, string] {
  return [lowestUuidOf(from), lowestUuidOf(to)];
}

/** Sums up an outbox by bucket and topic, along its primary key. */
export async function outboxBuckets(
  client: ClientBase,
  schema: string,
  range: IdRange,
): Promise<readonly OutboxBucket[]> {
  const { rows } = await client.query<{ bucket: number; topic: string; count: number; digest: string }>(
    `SELECT ${bucketExpression('id')} AS bucket, topic, count(*)::float8 AS count,
            ${digestExpression('id')} AS digest
       FROM ${qualified(schema, 'outbox')} WHERE id >= $1 AND id < $2 GROUP BY 1, 2`,
    [...boundsOf(range)],
  );
  return rows.map(({ digest, ...row }) => ({ ...row, digest: BigInt(digest) }));
}

/** Events of these topics in an outbox. */
export async function outboxEvents(
  client: ClientBase,
  schema: string,
  topics: readonly string[],
  range: IdRange,
): Promise<readonly OutboxEvent[]> {
  const { rows } = await client.query<OutboxEvent>(
    `SELECT id::text, topic FROM ${qualified(schema, 'outbox')}
      WHERE id >= $1 AND id < $2 AND topic = ANY ($3::text[])`,
    [...boundsOf(range), topics],
  );
  return rows;
}

/** Those of the ids that an outbox holds. */
export async function idsInOutbox(
  client: ClientBase,
  schema: string,
  ids: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT id::text FROM ${qualified(schema, 'outbox')} WHERE id = ANY ($1::uuid[])`,
    [ids],
  );
  return rows.map(({ id }) => id);
}
