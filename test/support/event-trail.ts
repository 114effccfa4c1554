import type pg from 'pg';
import { rowsOf } from './database.js';

/** Schemas that tell of orders in their outbox, and hear of them in their inbox. */
const SPEAKERS = ['"order"', 'fraud', 'inventory'];

/** One event of an order: when it was told, and what became of it in each of the three services. */
export interface TrailStep {
  readonly orderId: string;
  readonly topic: string;
  readonly eventId: string;
  readonly told: Date;
  readonly heard: readonly string[];
}

const TOLD = SPEAKERS.map(
  (schema) => `SELECT aggregate_id, topic, id, occurred_at FROM ${schema}.outbox`,
).join(' UNION ALL ');

const HEARD = SPEAKERS.map(
  (schema) => `
    SELECT consumer_group || ' done ' || processed_at AS what FROM ${schema}.inbox WHERE event_id = told.id
     UNION ALL
    SELECT consumer_group || ' ' || state || ' ' || reason || ' ' || attempt || ' ' || error_message
      FROM ${schema}.failed_event WHERE event_id = told.id
     UNION ALL
    SELECT e.consumer_group || ' parked ' || k.state || ' until ' || k.not_before
      FROM ${schema}.parked_event e JOIN ${schema}.parked_key k USING (consumer_group, topic, key_digest)
     WHERE e.event_id = told.id`,
).join(' UNION ALL ');

/** Follows the events of orders through the outboxes, inboxes and what left the happy path: whom to ask when one waits. */
export function eventTrail(pool: pg.Pool, orderIds: readonly string[]): Promise<TrailStep[]> {
  return rowsOf<TrailStep>(
    pool,
    `SELECT aggregate_id AS "orderId", topic, id AS "eventId", occurred_at AS told, ARRAY (${HEARD}) AS heard
       FROM (${TOLD}) told WHERE aggregate_id = ANY ($1) ORDER BY aggregate_id, occurred_at`,
    [orderIds],
  );
}
