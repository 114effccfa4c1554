import { Type, type Static } from 'typebox';
import { defineEvent } from '../event-definition.js';
import { Instant } from '../schema-types.js';
import { settledExample, settledOrder } from './order-settled.schema.js';

const schema = Type.Object(
  {
    ...settledOrder(),
    missing: Type.Array(Type.Enum(['fraud', 'inventory']), { minItems: 1, maxItems: 2 }),
    expiredAt: Instant(),
  },
  { additionalProperties: false },
);

/** Payload of `order.expired` v1. */
export type OrderExpired = Static<typeof schema>;

/** `order.expired` v1: its deadline passed while a check was missing; what is held is to be released. */
export const OrderExpired = defineEvent(schema, {
  type: 'order.expired',
  version: 1,
  topic: 'order.expired',
  aggregate: 'order',
  key: 'orderId',
  owner: 'order',
  summary: 'The checks of an order did not settle it in time.',
  freshnessMs: 5_000,
  personalData: ['/customerId'],
  examples: [{ ...settledExample, missing: ['fraud'], expiredAt: '2026-03-01T10:30:31.000Z' }],
});
