import { Type, type Static } from 'typebox';
import { defineEvent } from '../event-definition.js';
import { Currency, CustomerId, Instant, MinorUnits, Region, Sku, Uuid } from '../schema-types.js';

/** One line of an order as its events carry it; lines of one SKU are already merged. */
export const OrderLine = Type.Object(
  {
    sku: Sku(),
    quantity: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
    unitPriceMinor: MinorUnits(),
  },
  { additionalProperties: false },
);

const schema = Type.Object(
  {
    orderId: Uuid(),
    customerId: CustomerId(),
    region: Region(),
    currency: Currency(),
    totalMinor: MinorUnits(),
    lines: Type.Array(OrderLine, { minItems: 1, maxItems: 100 }),
    placedAt: Instant(),
    batchId: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    customer: Type.Optional(
      Type.Object(
        {
          email: Type.Optional(Type.String({ minLength: 3, maxLength: 254 })),
          name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
          locale: Type.Optional(Type.String({ pattern: '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$' })),
        },
        { additionalProperties: false },
      ),
    ),
    payment: Type.Optional(
      Type.Object(
        { cardFingerprint: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })) },
        { additionalProperties: false },
      ),
    ),
    client: Type.Optional(
      Type.Object(
        {
          ip: Type.Optional(Type.String({ minLength: 2, maxLength: 45 })),
          deviceId: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);

/** Payload of `order.created` v1. */
export type OrderCreated = Static<typeof schema>;

/** `order.created` v1: an order was accepted and committed; every consumer of the fleet starts here. */
export const OrderCreated = defineEvent(schema, {
  type: 'order.created',
  version: 1,
  topic: 'order.created',
  aggregate: 'order',
  key: 'orderId',
  owner: 'order',
  summary: 'An order was accepted and committed.',
  freshnessMs: 5_000,
  personalData: ['/customerId', '/customer', '/payment', '/client'],
  examples: [
    {
      orderId: '01993f6e-8f2b-7c11-9a54-3d2f0c9a7b10',
      customerId: 'c-1001',
      region: 'eu-west',
      currency: 'EUR',
      totalMinor: 5_970,
      lines: [
        { sku: 'MUG-BLUE', quantity: 2, unitPriceMinor: 1_490 },
        { sku: 'TEE-M', quantity: 1, unitPriceMinor: 2_990 },
      ],
      placedAt: '2026-03-01T10:15:30.000Z',
    },
    {
      orderId: '01993f6e-8f2b-7c11-9a54-3d2f0c9a7b11',
      customerId: 'c-1002',
      region: 'us',
      currency: 'USD',
      totalMinor: 2_990,
      lines: [{ sku: 'TEE-M', quantity: 1, unitPriceMinor: 2_990 }],
      placedAt: '2026-03-01T10:15:31.250Z',
      batchId: 'nightly-2026-03-01',
      customer: { email: 'ada@example.com', name: 'Ada', locale: 'en-US' },
      payment: { cardFingerprint: 'card-7f3a' },
      client: { ip: '203.0.113.7', deviceId: 'device-1' },
    },
  ],
});
