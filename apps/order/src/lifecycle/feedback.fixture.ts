import { randomUUID } from 'node:crypto';
import type { ReceivedEvent } from '@millrace/messaging';
import { contextFromTraceparent } from '@millrace/telemetry';
import type { Signal } from '../domain/order-checks.js';
import type { Feedback } from './feedback.js';

/** Trace that every made-up word belongs to. */
export const FEEDBACK_TRACE = '0af7651916cd43dd8448eb211c80319c';

/** A service's word about an order, brought by an event of its own that has just occurred unless told. */
export function feedback(orderId: string, signal: Signal, occurredAt = new Date()): Feedback {
  const id = randomUUID();
  const event: ReceivedEvent = {
    id,
    type: 'fraud.assessed',
    source: '/millrace/fraud',
    occurredAt,
    causationId: id,
    key: orderId,
    data: {},
    context: contextFromTraceparent(`00-${FEEDBACK_TRACE}-00000000000000a1-01`),
    traceId: FEEDBACK_TRACE,
    topic: 'fraud.assessed',
    partition: 0,
    offset: 0n,
  };
  return { orderId, signal, event };
}
