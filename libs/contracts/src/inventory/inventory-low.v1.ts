import { Type, type Static } from 'typebox';
import { defineEvent } from '../event-definition.js';
import { Instant, Sku } from '../schema-types.js';

const Units = () => Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

const schema = Type.Object(
  {
    sku: Sku(),
    available: Units(),
    threshold: Units(),
    onHand: Units(),
    reserved: Units(),
    lowAt: Instant(),
  },
  { additionalProperties: false },
);

/** Payload of `inventory.low` v1. */
export type InventoryLow = Static<typeof schema>;

/** `inventory.low` v1: what can be promised of a SKU fell to its threshold or below; told again only after it rose above. */
export const InventoryLow = defineEvent(schema, {
  type: 'inventory.low',
  version: 1,
  topic: 'inventory.low',
  aggregate: 'stock',
  key: 'sku',
  owner: 'inventory',
  summary: 'Little of a SKU can still be promised.',
  freshnessMs: 5_000,
  personalData: [],
  examples: [
    {
      sku: 'MUG-BLUE',
      available: 3,
      threshold: 5,
      onHand: 20,
      reserved: 17,
      lowAt: '2026-03-01T10:15:30.018Z',
    },
  ],
});
