import { schemaTypes } from '@millrace/contracts';
import { Type, type Static } from 'typebox';

/** An order id in a path. */
export const OrderIdParam = schemaTypes.Uuid();

/** What inventory decided for an order: `lines` is what it holds, empty when it was rejected. */
export const Reservation = Type.Object({
  orderId: schemaTypes.Uuid(),
  status: Type.Enum(['held', 'rejected']),
  lines: Type.Array(Type.Object({ sku: schemaTypes.Sku(), quantity: Type.Integer() })),
  reason: Type.Optional(Type.Enum(['insufficient', 'unknown-sku'])),
  shortages: Type.Optional(
    Type.Array(Type.Object({ sku: schemaTypes.Sku(), requested: Type.Integer(), available: Type.Integer() })),
  ),
  decidedAt: schemaTypes.Instant(),
});

/** A reservation as HTTP tells it. */
export type Reservation = Static<typeof Reservation>;
