import { Type, type Static } from 'typebox';
import { defineEvent } from '../event-definition.js';
import { Instant, Sku, Uuid } from '../schema-types.js';

const schema = Type.Object(
  {
    orderId: Uuid(),
    reason: Type.Enum(['insufficient', 'unknown-sku']),
    shortages: Type.Array(
      Type.Object(
        {
          sku: Sku(),
          requested: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
          available: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 100 },
    ),
    rejectedAt: Instant(),
  },
  { additionalProperties: false },
);

/** Payload of `inventory.rejected` v1. */
export type InventoryRejected = Static<typeof schema>;

/** `inventory.rejected` v1: at least one line cannot be held, so none is; `shortages` names the lines that failed. */
export const InventoryRejected = defineEvent(schema, {
  type: 'inventory.rejected',
  version: 1,
  topic: 'inventory.rejected',
  aggregate: 'order',
  key: 'orderId',
  owner: 'inventory',
  summary: 'At least one line of an order cannot be held, so none is.',
  freshnessMs: 5_000,
  personalData: [],
  examples: [
    {
      orderId: '01993f6e-8f2b-7c11-9a54-3d2f0c9a7b12',
      reason: 'insufficient',
      shortages: [{ sku: 'MUG-BLUE', requested: 20, available: 3 }],
      rejectedAt: '2026-03-01T10:15:32.018Z',
    },
  ],
});
