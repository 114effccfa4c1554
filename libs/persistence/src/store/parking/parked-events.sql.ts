import type { BlockedKey, ParkedRecord, Transaction } from '@millrace/messaging';
import { headerJson, headersOf, type HeaderJson } from './header-json.js';

const INSERT = `
  INSERT INTO parked_event (consumer_group, topic, partition, source_offset, key, record_key, event_id, payload,
                            headers, produced_at, received_at)
  SELECT $1::text, topic, partition, source_offset, key, record_key, event_id, payload, headers,
         to_timestamp(produced_ms / 1000), to_timestamp(received_ms / 1000)
    FROM unnest($2::text[], $3::integer[], $4::bigint[], $5::bytea[], $6::bytea[], $7::uuid[], $8::bytea[],
                $9::jsonb[], $10::double precision[], $11::double precision[])
      AS parked (topic, partition, source_offset, key, record_key, event_id, payload, headers, produced_ms, received_ms)
      ON CONFLICT (consumer_group, event_id) DO NOTHING`;

/** Stores records behind their locked keys; one that is stored already stays as it is. */
export async function insertParked(
  tx: Transaction,
  group: string,
  records: readonly ParkedRecord[],
): Promise<void> {
  if (records.length === 0) return;
  await tx.query(INSERT, [
    group,
    records.map(({ record }) => record.topic),
    records.map(({ record }) => record.partition),
    records.map(({ record }) => record.offset.toString()),
    records.map(({ key }) => key),
    records.map(({ record }) => record.key),
    records.map(({ eventId }) => eventId),
    records.map(({ record }) => record.value),
    records.map(({ record }) => headerJson(record.headers)),
    records.map(({ record }) => record.timestamp),
    records.map(({ receivedAt }) => receivedAt),
  ]);
}

interface ParkedRow {
  readonly partition: number;
  readonly source_offset: string;
  readonly record_key: Buffer | null;
  readonly event_id: string;
  readonly payload: Buffer | null;
  readonly headers: HeaderJson;
  readonly produced_at: Date;
  readonly received_at: Date;
}

const LOWEST = `
  SELECT partition, source_offset, record_key, event_id, payload, headers, produced_at, received_at
    FROM parked_event
   WHERE consumer_group = $1 AND topic = $2 AND key_digest = sha256($3::bytea)
   ORDER BY source_offset
   LIMIT $4`;

/** The lowest records of a key, in log order. */
export async function lowestParked(
  tx: Transaction,
  group: string,
  { topic, key }: BlockedKey,
  limit: number,
): Promise<ParkedRecord[]> {
  const rows = await tx.query<ParkedRow>(LOWEST, [group, topic, key, limit]);
  return rows.map((row) => ({
    eventId: row.event_id,
    key,
    record: {
      topic,
      partition: row.partition,
      offset: BigInt(row.source_offset),
      key: row.record_key,
      value: row.payload,
      headers: headersOf(row.headers),
      timestamp: row.produced_at.getTime(),
    },
    receivedAt: row.received_at.getTime(),
  }));
}

const HEAD = `
  SELECT event_id
    FROM parked_event
   WHERE consumer_group = $1 AND topic = $2 AND key_digest = sha256($3::bytea)
   ORDER BY source_offset
   LIMIT 1`;

/** Event at the head of a key; undefined when none is parked. */
export async function headOf(
  tx: Transaction,
  group: string,
  { topic, key }: Pick<BlockedKey, 'topic' | 'key'>,
): Promise<string | undefined> {
  return (await tx.query<{ event_id: string }>(HEAD, [group, topic, key]))[0]?.event_id;
}

/** Whether an event is the head of a key. */
export async function isHead(
  tx: Transaction,
  group: string,
  key: BlockedKey,
  eventId: string,
): Promise<boolean> {
  return (await headOf(tx, group, key)) === eventId;
}

const REMOVE = `DELETE FROM parked_event WHERE consumer_group = $1 AND event_id = ANY ($2::uuid[])`;

/** Forgets parked records, their payloads and headers. */
export async function removeParked(
  tx: Transaction,
  group: string,
  eventIds: readonly string[],
): Promise<void> {
  await tx.query(REMOVE, [group, eventIds]);
}

const COUNT = `
  SELECT count(*)::integer AS records
    FROM parked_event
   WHERE consumer_group = $1 AND topic = $2 AND key_digest = sha256($3::bytea)`;

/** Number of records that are parked behind a key, its head included. */
export async function countParked(
  tx: Transaction,
  group: string,
  { topic, key }: BlockedKey,
): Promise<number> {
  return (await tx.query<{ records: number }>(COUNT, [group, topic, key]))[0]?.records ?? 0;
}
