import { Type, type Static } from 'typebox';
import { defineEvent } from '../event-definition.js';
import { Instant, Sku, Uuid } from '../schema-types.js';

const schema = Type.Object(
  {
    orderId: Uuid(),
    lines: Type.Array(
      Type.Object(
        { sku: Sku(), quantity: Type.Integer({ minimum: 1, maximum: 1_000_000 }) },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 100 },
    ),
    reservedAt: Instant(),
  },
  { additionalProperties: false },
);

/** Payload of `inventory.reserved` v1. */
export type InventoryReserved = Static<typeof schema>;

/** `inventory.reserved` v1: every line of an order is held in stock. */
export const InventoryReserved = defineEvent(schema, {
  type: 'inventory.reserved',
  version: 1,
  topic: 'inventory.reserved',
  aggregate: 'order',
  key: 'orderId',
  owner: 'inventory',
  summary: 'Every line of an order is held in stock.',
  freshnessMs: 5_000,
  personalData: [],
  examples: [
    {
      orderId: '01993f6e-8f2b-7c11-9a54-3d2f0c9a7b10',
      lines: [
        { sku: 'MUG-BLUE', quantity: 2 },
        { sku: 'TEE-M', quantity: 1 },
      ],
      reservedAt: '2026-03-01T10:15:30.018Z',
    },
  ],
});
