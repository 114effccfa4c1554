import { schemaOf, type ServiceTopology } from '@millrace/contracts';
import type { ClientBase } from 'pg';

/** Appends an event of an aggregate to a service's outbox, at this moment, and returns its id. */
export async function appendEvent(
  client: ClientBase,
  service: ServiceTopology,
  key = 'k',
  payload = '{}',
): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO ${schemaOf(service.name)}.outbox
       (aggregate_type, aggregate_id, topic, type, source, data_schema, causation_id, content_type, payload, traceparent)
     VALUES ('order', $1, 'order.created', 't', 's', 'd', 'c', 'application/json', $2, '00-')
     RETURNING id::text`,
    [key, payload],
  );
  return rows[0]?.id ?? '';
}

/** Moves the slot to the end of the WAL, as its reader does when it has confirmed everything. */
export async function confirmAll(client: ClientBase, slot: string): Promise<void> {
  await client.query('SELECT pg_replication_slot_advance($1, pg_current_wal_lsn())', [slot]);
}
