import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { outboxRecord, type RetainedRow } from './outbox-record.js';
import { REQUEST_BYTES, requestsOf } from './produce-retained.js';

const row: RetainedRow = {
  id: 'of id',
  aggregate_id: 'of aggregate_id',
  topic: 'order.created',
  type: 'of type',
  source: 'of source',
  data_schema: 'of data_schema',
  spec_version: 'of spec_version',
  causation_id: 'of causation_id',
  content_type: 'of content_type',
  payload: '{"a":1.10,"name":"Zoë"}',
  traceparent: 'of traceparent',
  occurred_at: '2026-11-21T10:00:00.120000Z',
};

describe('the record of a retained row', () => {
  it('has the headers that the connector file places, from the same columns, in the same order', async () => {
    const path = join(import.meta.dirname, '../../../../deploy/connect/outbox-connector.json');
    const file = JSON.parse(await readFile(path, 'utf8')) as Record<string, string>;
    const placed = file['transforms.outbox.table.fields.additional.placement']?.split(',') ?? [];
    const expected = placed.map((placement) => {
      const [column = '', , header = ''] = placement.split(':');
      return [header, column === 'occurred_at' ? row.occurred_at : `of ${column}`];
    });
    expect(Object.entries(outboxRecord(row).headers)).toEqual(expected);
  });

  it('has key and payload byte by byte, and leaves the partition to the key', () => {
    const { key, value, topic, partition } = outboxRecord(row);
    expect([topic, String(key), String(value), partition]).toEqual([
      row.topic,
      row.aggregate_id,
      row.payload,
      undefined,
    ]);
    expect(value?.byteLength).toBe(24);
  });
});

describe('requests', () => {
  const sized = (bytes: number) => ({ ...outboxRecord(row), value: Buffer.alloc(bytes) });

  it('hold as many records as a broker takes, in order, and a large one alone', () => {
    const records = [REQUEST_BYTES / 2, REQUEST_BYTES / 2, 1, REQUEST_BYTES * 2, 1].map(sized);
    const requests = requestsOf(records);
    expect(requests.map(({ length }) => length)).toEqual([2, 1, 1, 1]);
    expect(requests.flat()).toEqual(records);
  });
});
