import { randomBytes } from 'node:crypto';
import {
  defineEvent,
  encodeEvent,
  EventHeader,
  OrderCreated,
  type EventDefinition,
} from '@millrace/contracts';
import type { OutgoingRecord } from '@millrace/messaging';
import { orderCreated, orderCreatedRecord, withHeaders } from '../builders.js';

/** An event of the reference consumer's topic: its place in its key, and the name that behaviours go by. */
export interface ReferenceEvent {
  readonly id: string;
  /** A uuid: the order id, which is the record's key. */
  readonly key: string;
  /** Place among the events of its key, from 0. */
  readonly seq: number;
  /** What rows of `behaviour` name; the customer id of its order. */
  readonly name: string;
  readonly partition: number;
}

/** Contract of a topic that only one test uses: orders, with the topic as their type. */
export function referenceDefinition(topic: string): EventDefinition {
  const { schema, ...metadata } = OrderCreated;
  return defineEvent(schema, { ...metadata, key: 'orderId', type: topic, topic });
}

/** A uuidv7 of now (RFC 9562, section 5.7). */
export function newEventId(now: number = Date.now()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  bytes.writeUInt8(((bytes[6] ?? 0) & 0x0f) | 0x70, 6);
  bytes.writeUInt8(((bytes[8] ?? 0) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The record of an event, as capture would write it now. */
export function referenceRecord(topic: string, event: ReferenceEvent): OutgoingRecord {
  const order = orderCreated({ orderId: event.key, customerId: event.name, totalMinor: event.seq });
  const { key, headers } = withHeaders(orderCreatedRecord(order, event.id), {
    [EventHeader.type]: topic,
    [EventHeader.time]: new Date().toISOString(),
  });
  const value = Buffer.from(encodeEvent(OrderCreated, order));
  return { topic, partition: event.partition, key, value, headers: headers as OutgoingRecord['headers'] };
}
