import type { BlockedKey, Transaction } from '@millrace/messaging';
import { removeParked } from './parking/parked-events.sql.js';
import { passOn } from './parking/parked-keys.sql.js';

const OLD_DEAD_HEADS = `
  SELECT k.topic, k.partition, k.key, head.event_id
    FROM parked_key k
   CROSS JOIN LATERAL (SELECT e.event_id
                         FROM parked_event e
                        WHERE e.consumer_group = k.consumer_group AND e.topic = k.topic
                          AND e.key_digest = k.key_digest
                        ORDER BY e.source_offset
                        LIMIT 1) head
    JOIN failed_event f ON f.consumer_group = k.consumer_group AND f.event_id = head.event_id
   WHERE k.consumer_group = $1 AND k.state = 'dead'
     AND f.state = 'dead' AND f.acked AND f.updated_at < to_timestamp($2::double precision / 1000)
   ORDER BY k.topic, k.key_digest
     FOR UPDATE OF k`;

const OLD_FAILURES = `
  DELETE FROM failed_event f
   WHERE f.consumer_group = $1 AND f.updated_at < to_timestamp($2::double precision / 1000)
     AND (f.state = 'resolved' OR f.state = 'dead' AND f.acked)
     AND NOT EXISTS (SELECT FROM parked_event p
                      WHERE p.consumer_group = f.consumer_group AND p.event_id = f.event_id)`;

const OLD_REPLAYS = `
  WITH old AS (
    DELETE FROM replay
     WHERE consumer_group = $1 AND finished_at < to_timestamp($2::double precision / 1000)
    RETURNING replay_id
  )
  DELETE FROM replay_event e USING old WHERE e.replay_id = old.replay_id`;

/**
 * Forgets failures and replays that ended before that moment. A dead head of that age goes too, as its dead letter
 * does: its followers, which are never forgotten, go on.
 */
export async function purgeBefore(tx: Transaction, group: string, before: number): Promise<void> {
  const heads = await tx.query<BlockedKey & { event_id: string }>(OLD_DEAD_HEADS, [group, before]);
  for (const { event_id: eventId, ...key } of heads) {
    await removeParked(tx, group, [eventId]);
    await passOn(tx, group, key, before);
  }
  await tx.query(OLD_FAILURES, [group, before]);
  await tx.query(OLD_REPLAYS, [group, before]);
}
