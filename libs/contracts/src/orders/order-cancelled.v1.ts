import { Type, type Static } from 'typebox';
import { defineEvent } from '../event-definition.js';
import { Instant } from '../schema-types.js';
import { settledExample, settledOrder } from './order-settled.schema.js';

const schema = Type.Object(
  {
    ...settledOrder(),
    reason: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    cancelledAt: Instant(),
  },
  { additionalProperties: false },
);

/** Payload of `order.cancelled` v1. */
export type OrderCancelled = Static<typeof schema>;

/** `order.cancelled` v1: somebody cancelled the order before its checks had settled it. */
export const OrderCancelled = defineEvent(schema, {
  type: 'order.cancelled',
  version: 1,
  topic: 'order.cancelled',
  aggregate: 'order',
  key: 'orderId',
  owner: 'order',
  summary: 'A pending order was cancelled.',
  freshnessMs: 5_000,
  personalData: ['/customerId'],
  examples: [
    { ...settledExample, cancelledAt: '2026-03-01T10:16:02.000Z' },
    { ...settledExample, reason: 'ordered by mistake', cancelledAt: '2026-03-01T10:16:02.000Z' },
  ],
});
