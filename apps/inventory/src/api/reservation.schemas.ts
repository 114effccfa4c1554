import { schemaTypes } from '@millrace/contracts';
import { Type, type Static } from 'typebox';

/** An order id in a path. */
export const OrderIdParam = schemaTypes.Uuid();

const Lines = () => Type.Array(Type.Object({ sku: schemaTypes.Sku(), quantity: Type.Integer() }));

/** What became of an order's stock: `lines` is what it holds or held, empty when nothing was ever held. */
export const Reservation = Type.Object({
  orderId: schemaTypes.Uuid(),
  status: Type.Enum(['held', 'confirmed', 'shipped', 'released', 'rejected', 'awaited']),
  lines: Lines(),
  reason: Type.Optional(
    Type.Enum([
      'insufficient',
      'unknown-sku',
      'order-ended',
      'order-rejected',
      'order-cancelled',
      'order-expired',
      'hold-expired',
    ]),
  ),
  shortages: Type.Optional(
    Type.Array(Type.Object({ sku: schemaTypes.Sku(), requested: Type.Integer(), available: Type.Integer() })),
  ),
  decidedAt: schemaTypes.Instant(),
  expiresAt: Type.Optional(schemaTypes.Instant()),
  changedAt: Type.Optional(schemaTypes.Instant()),
});

/** A reservation as HTTP tells it. */
export type Reservation = Static<typeof Reservation>;

/** Body of `POST /shipments`. */
export const ShipOrder = Type.Object({ orderId: schemaTypes.Uuid() }, { additionalProperties: false });

/** What was shipped. */
export const Shipment = Type.Object({
  orderId: schemaTypes.Uuid(),
  lines: Lines(),
  shippedAt: schemaTypes.Instant(),
});

/** A shipment as HTTP tells it. */
export type Shipment = Static<typeof Shipment>;
