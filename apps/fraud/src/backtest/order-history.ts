import { EventHeader, OrderCreated } from '@millrace/contracts';
import type { BrokerRecord } from '@millrace/messaging';
import type { AssessmentRequest } from '../domain/decision.js';
import { OrderToAssess } from '../fraud.consumer.js';

/** The order that a record of the log tells of; undefined for what the live consumer would not judge either. */
export function orderOf(record: BrokerRecord): AssessmentRequest | undefined {
  const [id, type] = [headerOf(record, EventHeader.id), headerOf(record, EventHeader.type)];
  if (type !== OrderCreated.type || id === undefined || record.value === null) return undefined;
  try {
    const data = OrderToAssess.read(JSON.parse(record.value.toString()));
    // The trace is of no use here: nothing is told to anybody.
    return { ...data, orderId: data.orderId.toLowerCase(), eventId: id.toLowerCase(), traceId: '' };
  } catch {
    return undefined;
  }
}

function headerOf({ headers }: BrokerRecord, name: string): string | undefined {
  const value = headers[name];
  return value === undefined || Array.isArray(value) ? undefined : value.toString();
}
