import { randomBytes } from 'node:crypto';
import { EventHeader, type OrderCreated } from '@millrace/contracts';
import { orderCreated, orderCreatedRecord, withHeaders } from '@millrace/testing/runtime';
import type { Message } from 'kafkajs';

/** A uuidv7 (RFC 9562) of this millisecond, as the outbox gives its events. */
function eventId(now: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** A small order's event as capture writes it: every header, an id of this moment, an order and a trace of its own. */
export function orderMessage(partition: number, order: Partial<OrderCreated> = {}): Message {
  const now = Date.now();
  const id = eventId(now);
  const { key, value, headers } = withHeaders(orderCreatedRecord(orderCreated(order), id), {
    [EventHeader.time]: Buffer.from(new Date(now).toISOString()),
    [EventHeader.traceparent]: Buffer.from(
      `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`,
    ),
  });
  return { key, value, headers: headers as NonNullable<Message['headers']>, partition };
}
