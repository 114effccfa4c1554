import { randomUUID } from 'node:crypto';
import { encodeEvent, EventHeader, OrderCreated, sourceOf } from '@millrace/contracts';
import type { BrokerRecord } from '@millrace/messaging';

/** An order that satisfies its contract; each has an id of its own. */
export function orderCreated(overrides: Partial<OrderCreated> = {}): OrderCreated {
  return {
    orderId: randomUUID(),
    customerId: 'c-1',
    region: 'eu-west',
    currency: 'EUR',
    totalMinor: 1_990,
    lines: [{ sku: 'TEE-M', quantity: 1, unitPriceMinor: 1_990 }],
    placedAt: '2026-03-01T12:00:00.000Z',
    ...overrides,
  };
}

/** What a produced record consists of. */
export type ProducedRecord = Pick<BrokerRecord, 'key' | 'value' | 'headers' | 'timestamp'>;

/** The record of an `order.created` event as capture writes it: bytes everywhere, one of each header. */
export function orderCreatedRecord(
  order: OrderCreated = orderCreated(),
  eventId: string = randomUUID(),
): ProducedRecord {
  const headers = {
    [EventHeader.id]: eventId,
    [EventHeader.type]: OrderCreated.type,
    [EventHeader.source]: sourceOf(OrderCreated.owner),
    [EventHeader.subject]: order.orderId,
    [EventHeader.time]: '2026-03-01T12:00:00.000Z',
    [EventHeader.specVersion]: '1.0',
    [EventHeader.dataSchema]: OrderCreated.dataSchema,
    [EventHeader.causationId]: eventId,
    [EventHeader.contentType]: OrderCreated.contentType,
    [EventHeader.traceparent]: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  };
  return {
    key: Buffer.from(order.orderId),
    value: Buffer.from(encodeEvent(OrderCreated, order)),
    headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)])),
    timestamp: Date.parse('2026-03-01T12:00:00.005Z'),
  };
}

/** A record with some headers replaced, or removed where the value is undefined. */
export function withHeaders(record: ProducedRecord, changes: BrokerRecord['headers']): ProducedRecord {
  const headers = Object.entries({ ...record.headers, ...changes }).filter(
    ([, value]) => value !== undefined,
  );
  return { ...record, headers: Object.fromEntries(headers) };
}
