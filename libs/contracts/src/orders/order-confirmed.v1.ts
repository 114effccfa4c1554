import { Type, type Static } from 'typebox';
import { defineEvent } from '../event-definition.js';
import { Instant } from '../schema-types.js';
import { settledExample, settledOrder } from './order-settled.schema.js';

const schema = Type.Object(
  {
    ...settledOrder(),
    confirmedAt: Instant(),
  },
  { additionalProperties: false },
);

/** Payload of `order.confirmed` v1. */
export type OrderConfirmed = Static<typeof schema>;

/** `order.confirmed` v1: fraud and inventory both said yes; what is held may be shipped. */
export const OrderConfirmed = defineEvent(schema, {
  type: 'order.confirmed',
  version: 1,
  topic: 'order.confirmed',
  aggregate: 'order',
  key: 'orderId',
  owner: 'order',
  summary: 'Every check of an order said yes.',
  freshnessMs: 5_000,
  personalData: ['/customerId'],
  examples: [{ ...settledExample, confirmedAt: '2026-03-01T10:15:30.040Z' }],
});
