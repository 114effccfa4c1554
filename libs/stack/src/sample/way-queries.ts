import { schemaOf } from '@millrace/contracts';
import type { Client } from 'pg';

/** When a consumer received an event and when its effect was committed; milliseconds since 1970. */
export interface EffectTimes {
  readonly receivedAt: number;
  readonly committedAt: number;
}

/** When the outbox row of an event was committed; undefined while it is not there. */
export async function outboxCommit(
  client: Client,
  service: string,
  eventId: string,
): Promise<number | undefined> {
  const { rows } = await client.query<{ at: string }>(
    `SELECT 1000 * extract(epoch FROM pg_xact_commit_timestamp(xmin)) AS at
       FROM "${schemaOf(service)}".outbox WHERE id = $1`,
    [eventId],
  );
  return rows[0] && Number(rows[0].at);
}

/** The times of an event in a consumer's inbox; undefined while the event has not taken effect. */
export async function inboxTimes(
  client: Client,
  service: string,
  eventId: string,
): Promise<EffectTimes | undefined> {
  const { rows } = await client.query<{ received: string; committed: string }>(
    `SELECT 1000 * extract(epoch FROM received_at) AS received,
            1000 * extract(epoch FROM pg_xact_commit_timestamp(xmin)) AS committed
       FROM "${schemaOf(service)}".inbox
      WHERE consumer_group = $1 AND event_id = $2 AND processed_at IS NOT NULL`,
    [service, eventId],
  );
  return rows[0] && { receivedAt: Number(rows[0].received), committedAt: Number(rows[0].committed) };
}
