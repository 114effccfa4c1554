import type { Broker, OutgoingRecord } from '@millrace/messaging';
import type { ClientBase } from 'pg';
import { inTransaction } from '../store/transaction.js';
import { outboxRecord } from './outbox-record.js';
import { retainedRows } from './store/retained-row-store.js';

/** Payload bytes of one request at most, unless a single record is larger: a broker refuses more than 1 MB. */
export const REQUEST_BYTES = 400_000;

/**
 * Produces the rows of these schemas' outboxes that were written since that instant, each request acknowledged by all
 * replicas before the next is sent; returns how many, by schema. A topic has one producer, so one outbox after the other
 * keeps the order of every key.
 */
export async function produceRetained(
  client: ClientBase,
  broker: Pick<Broker, 'send'>,
  schemas: readonly string[],
  sinceMs: number,
): Promise<Record<string, number>> {
  const produced: Record<string, number> = {};
  for (const schema of schemas) {
    produced[schema] = await inTransaction(client, async () => {
      let count = 0;
      for await (const rows of retainedRows(client, schema, sinceMs)) {
        for (const request of requestsOf(rows.map(outboxRecord))) await broker.send(request);
        count += rows.length;
      }
      return count;
    });
  }
  return produced;
}

/** Divides records into requests, in order, none larger than `REQUEST_BYTES` unless it is one record. */
export function requestsOf(records: readonly OutgoingRecord[]): OutgoingRecord[][] {
  const requests: OutgoingRecord[][] = [];
  let room = 0;
  for (const record of records) {
    const size = record.value?.byteLength ?? 0;
    if (requests.length === 0 || size > room) {
      requests.push([]);
      room = REQUEST_BYTES;
    }
    requests.at(-1)?.push(record);
    room -= size;
  }
  return requests;
}
