import type { ClientBase } from 'pg';
import { qualified } from '../../store/qualified.js';
import type { Buckets } from '../event-buckets.js';
import { boundsOf, bucketExpression, digestExpression, type IdRange } from './outbox-event-store.js';

/** Sums up, by bucket, the events that took effect in a group, along the inbox' primary key. */
export async function inboxBuckets(
  client: ClientBase,
  schema: string,
  group: string,
  range: IdRange,
): Promise<Buckets> {
  const { rows } = await client.query<{ bucket: number; count: number; digest: string }>(
    `SELECT ${bucketExpression('event_id')} AS bucket, count(*)::float8 AS count,
            ${digestExpression('event_id')} AS digest
       FROM ${qualified(schema, 'inbox')}
      WHERE consumer_group = $3 AND event_id >= $1 AND event_id < $2 AND processed_at IS NOT NULL GROUP BY 1`,
    [...boundsOf(range), group],
  );
  return new Map(rows.map(({ bucket, count, digest }) => [bucket, { count, digest: BigInt(digest) }]));
}

/** Ids of the events that took effect in a group. */
export async function inboxIds(
  client: ClientBase,
  schema: string,
  group: string,
  range: IdRange,
): Promise<readonly string[]> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT event_id::text AS id FROM ${qualified(schema, 'inbox')}
      WHERE consumer_group = $3 AND event_id >= $1 AND event_id < $2 AND processed_at IS NOT NULL`,
    [...boundsOf(range), group],
  );
  return rows.map(({ id }) => id);
}
