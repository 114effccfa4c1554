import { Type, type Static } from 'typebox';
import { defineEvent } from '../event-definition.js';
import { Instant, Sku, Uuid } from '../schema-types.js';

const schema = Type.Object(
  {
    orderId: Uuid(),
    reason: Type.Enum(['order-rejected', 'order-cancelled', 'order-expired', 'hold-expired']),
    lines: Type.Array(
      Type.Object(
        { sku: Sku(), quantity: Type.Integer({ minimum: 1, maximum: 1_000_000 }) },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 100 },
    ),
    releasedAt: Instant(),
  },
  { additionalProperties: false },
);

/** Payload of `inventory.released` v1. */
export type InventoryReleased = Static<typeof schema>;

/** `inventory.released` v1: what was held for an order is free again. */
export const InventoryReleased = defineEvent(schema, {
  type: 'inventory.released',
  version: 1,
  topic: 'inventory.released',
  aggregate: 'order',
  key: 'orderId',
  owner: 'inventory',
  summary: 'What was held for an order is free again.',
  freshnessMs: 5_000,
  personalData: [],
  examples: [
    {
      orderId: '01993f6e-8f2b-7c11-9a54-3d2f0c9a7b10',
      reason: 'order-cancelled',
      lines: [{ sku: 'MUG-BLUE', quantity: 2 }],
      releasedAt: '2026-03-01T10:16:02.020Z',
    },
  ],
});
