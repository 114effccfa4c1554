import { Type, type Static } from 'typebox';
import { defineEvent } from '../event-definition.js';
import { Instant } from '../schema-types.js';
import { settledExample, settledOrder } from './order-settled.schema.js';

const schema = Type.Object(
  {
    ...settledOrder(),
    reason: Type.Enum(['fraud-declined', 'out-of-stock', 'stock-released']),
    rejectedAt: Instant(),
  },
  { additionalProperties: false },
);

/** Payload of `order.rejected` v1. */
export type OrderRejected = Static<typeof schema>;

/** `order.rejected` v1: a check said no; what is held for the order is to be released. */
export const OrderRejected = defineEvent(schema, {
  type: 'order.rejected',
  version: 1,
  topic: 'order.rejected',
  aggregate: 'order',
  key: 'orderId',
  owner: 'order',
  summary: 'A check of an order said no.',
  freshnessMs: 5_000,
  personalData: ['/customerId'],
  examples: [{ ...settledExample, reason: 'out-of-stock', rejectedAt: '2026-03-01T10:15:30.040Z' }],
});
