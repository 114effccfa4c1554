import { Type, type Static } from 'typebox';
import { defineEvent } from '../event-definition.js';
import { Instant, Sku, Uuid } from '../schema-types.js';

const schema = Type.Object(
  {
    orderId: Uuid(),
    reason: Type.Enum(['insufficient', 'unknown-sku', 'order-ended']),
    shortages: Type.Array(
      Type.Object(
        {
          sku: Sku(),
          requested: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
          available: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
        },
        { additionalProperties: false },
      ),
      { maxItems: 100 },
    ),
    rejectedAt: Instant(),
  },
  { additionalProperties: false },
);

/** Payload of `inventory.rejected` v1. */
export type InventoryRejected = Static<typeof schema>;

/**
 * `inventory.rejected` v1: nothing is held for an order. `shortages` names the lines that could not be; it is empty when the
 * order had ended before it was to be held (`order-ended`).
 */
export const InventoryRejected = defineEvent(schema, {
  type: 'inventory.rejected',
  version: 1,
  topic: 'inventory.rejected',
  aggregate: 'order',
  key: 'orderId',
  owner: 'inventory',
  summary: 'Nothing is held for an order: a line cannot be, or it had ended before.',
  freshnessMs: 5_000,
  personalData: [],
  examples: [
    {
      orderId: '01993f6e-8f2b-7c11-9a54-3d2f0c9a7b12',
      reason: 'insufficient',
      shortages: [{ sku: 'MUG-BLUE', requested: 20, available: 3 }],
      rejectedAt: '2026-03-01T10:15:32.018Z',
    },
    {
      orderId: '01993f6e-8f2b-7c11-9a54-3d2f0c9a7b13',
      reason: 'order-ended',
      shortages: [],
      rejectedAt: '2026-03-01T10:15:29.000Z',
    },
  ],
});
