import { describe, expect, it } from '@jest/globals';
import { EventHeader, consumerView, OrderCreated } from '@millrace/contracts';
import {
  orderCreated,
  orderCreatedRecord,
  withHeaders,
  type ProducedRecord,
} from '@millrace/testing/runtime';
import { VirtualClock } from '@millrace/testing/runtime';
import { headerText } from './header-text.js';
import { RecordDecoder } from './record-decoder.js';
import { queued } from './queued-record.js';
import type { TopicRole } from '../partition/topic-role.js';
import type { BoundHandler, DecodedItem, PoisonItem } from './work-item.js';

const handler: BoundHandler = {
  view: consumerView(OrderCreated, ['orderId', 'totalMinor']),
  each: false,
  invoke: async () => undefined,
};
const DAY_MS = 86_400_000;
const clock = new VirtualClock();
const decoder = new RecordDecoder(new Map([['order.created', handler]]), clock, {
  group: 'fraud',
  inboxHorizonMs: 37 * DAY_MS,
});
const eventId = idMadeAt(clock.now());
const order = orderCreated();
const good = orderCreatedRecord(order, eventId);

const SOURCE: TopicRole = { kind: 'source', source: 'order.created' };

/** A uuidv7 of that moment. */
function idMadeAt(milliseconds: number): string {
  const time = milliseconds.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7c11-9a54-3d2f0c9a7b10`;
}

function decode(record: ProducedRecord, offset = 7n, role = SOURCE): DecodedItem {
  return decoder.decode(queued({ ...record, topic: 'order.created', partition: 2, offset }, role, 99));
}

function poison(record: ProducedRecord, offset?: bigint): PoisonItem {
  const item = decode(record, offset);
  if (item.kind !== 'poison') throw new Error(`the record was read as ${item.kind}`);
  return item;
}

describe('RecordDecoder', () => {
  it('refuses an event that is older than the inbox remembers, but not its retry', () => {
    const old = orderCreatedRecord(order, idMadeAt(clock.now() - 38 * DAY_MS));
    expect(poison(old)).toMatchObject({ reason: 'EXPIRED', error: { code: 'EXPIRED' } });
    const young = orderCreatedRecord(order, idMadeAt(clock.now() - 36 * DAY_MS));
    expect(decode(young)).toMatchObject({ kind: 'event' });
    const retried = withHeaders(old, { 'x-attempt': '1' });
    expect(decode(retried, 7n, { kind: 'retry', source: 'order.created' })).toMatchObject({ kind: 'event' });
  });

  it('traces a copy of a retry topic back to where its record was consumed', () => {
    const copy = withHeaders(good, {
      'x-attempt': Buffer.from('2'),
      'x-not-before': '2026-03-01T12:01:00.000Z',
      'x-first-failure-at': '2026-03-01T12:00:00.000Z',
      'x-original-partition': '4',
      'x-original-offset': '99',
      'x-original-timestamp': '1772366400005',
    });
    expect(decode(copy, 7n, { kind: 'retry', source: 'order.paid' })).toMatchObject({
      kind: 'event',
      record: { partition: 2, offset: 7n },
      source: { topic: 'order.paid', partition: 4, offset: 99n, timestamp: 1_772_366_400_005 },
      origin: { kind: 'retry', attempt: 2, notBefore: Date.parse('2026-03-01T12:01:00.000Z') },
    });
  });

  it.each(['retry', 'replay'] as const)(
    'refuses a record of a %s topic that does not say what it is',
    (kind) => {
      const item = decode(good, 7n, { kind, source: 'order.created' });
      expect(item).toMatchObject({ kind: 'poison', reason: 'DECODE' });
    },
  );

  it('reads an event with its declared fields', () => {
    expect(decode(good)).toMatchObject({
      kind: 'event',
      eventId,
      type: 'order.created',
      eventSource: '/millrace/order',
      occurredAt: new Date('2026-03-01T12:00:00.000Z'),
      causationId: eventId,
      data: { orderId: order.orderId, totalMinor: order.totalMinor },
      receivedAt: 99,
      handler,
    });
  });

  it('writes ids in lower case, so that one event has one identity', () => {
    expect(decode(orderCreatedRecord(order, eventId.toUpperCase()))).toMatchObject({
      kind: 'event',
      eventId,
    });
  });

  it('takes the first of a header that was written twice', () => {
    const twice = withHeaders(good, { [EventHeader.id]: [Buffer.from(eventId), Buffer.from('other')] });
    expect(decode(twice)).toMatchObject({ kind: 'event', eventId });
    expect(headerText([])).toBeUndefined();
  });

  it('ignores a type that nobody handles, whatever its payload is', () => {
    const other = withHeaders(
      { ...good, value: Buffer.from('no json') },
      { [EventHeader.type]: 'order.archived' },
    );
    expect(decode(other).kind).toBe('ignored');
  });

  it.each<[string, ProducedRecord, string]>([
    ['no ce_id', withHeaders(good, { [EventHeader.id]: undefined }), 'header ce_id is missing'],
    ['an empty ce_id', withHeaders(good, { [EventHeader.id]: '' }), 'header ce_id is missing'],
    [
      'a ce_id that is no UUID',
      withHeaders(good, { [EventHeader.id]: 'null' }),
      'header ce_id is not a UUID',
    ],
    ['no ce_type', withHeaders(good, { [EventHeader.type]: undefined }), 'header ce_type is missing'],
    ['no ce_source', withHeaders(good, { [EventHeader.source]: undefined }), 'header ce_source is missing'],
    ['no ce_time', withHeaders(good, { [EventHeader.time]: undefined }), 'header ce_time is missing'],
    ['a ce_time that is no time', withHeaders(good, { [EventHeader.time]: 'soon' }), 'header ce_time is not'],
    ['no payload', { ...good, value: null }, 'the record has no payload'],
    [
      'bytes that are no JSON',
      { ...good, value: Buffer.from('{"secret":') },
      'the payload is not JSON in UTF-8',
    ],
    [
      'bytes that are no UTF-8',
      { ...good, value: Buffer.from([0x22, 0xff, 0x22]) },
      'the payload is not JSON in UTF-8',
    ],
  ])('finds DECODE poison in a record with %s', (_, record, message) => {
    const item = poison(record);
    expect(item.reason).toBe('DECODE');
    expect(item.error.message).toContain(message);
    expect(item.error.message).not.toContain('secret');
  });

  it('finds CONTRACT poison where a declared field is missing, and keeps its id', () => {
    const item = poison({ ...good, value: Buffer.from(JSON.stringify({ orderId: order.orderId })) });
    expect(item).toMatchObject({ reason: 'CONTRACT', eventId, type: 'order.created' });
  });

  it('gives poison without an id a UUID of version 5 that depends on its place alone', () => {
    const nameless = withHeaders(good, { [EventHeader.id]: undefined });
    const id = poison(nameless).eventId;
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(poison({ ...nameless, value: null }).eventId).toBe(id);
    expect(poison(nameless, 8n).eventId).not.toBe(id);
  });
});
