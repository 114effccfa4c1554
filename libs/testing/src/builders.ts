import { randomUUID } from 'node:crypto';
import {
  encodeEvent,
  EventHeader,
  OrderCreated,
  type EventData,
  type EventDefinition,
} from '@millrace/contracts';
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
  return eventRecord(OrderCreated, order, eventId);
}

/** The record of any contract's event as capture writes it. */
export function eventRecord<Definition extends EventDefinition>(
  definition: Definition,
  data: EventData<Definition>,
  eventId: string = randomUUID(),
): ProducedRecord {
  const key = String((data as Record<string, unknown>)[definition.key]);
  const headers = {
    [EventHeader.id]: eventId,
    [EventHeader.type]: definition.type,
    [EventHeader.source]: definition.source,
    [EventHeader.subject]: key,
    [EventHeader.time]: '2026-03-01T12:00:00.000Z',
    [EventHeader.specVersion]: '1.0',
    [EventHeader.dataSchema]: definition.dataSchema,
    [EventHeader.causationId]: eventId,
    [EventHeader.contentType]: definition.contentType,
    [EventHeader.traceparent]: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  };
  return {
    key: Buffer.from(key),
    value: Buffer.from(encodeEvent(definition, data)),
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
