import { OrderCreated, schemaTypes } from '@millrace/contracts';
import { Type, type Static } from 'typebox';
import { orderStatuses } from '../domain/order.js';

const { customer, payment, client } = OrderCreated.schema.properties;

/** One line as a caller orders it. */
const RequestedLine = Type.Object(
  {
    sku: schemaTypes.Sku(),
    quantity: Type.Integer({ minimum: 1, maximum: 10_000 }),
    unitPriceMinor: schemaTypes.MinorUnits(),
  },
  { additionalProperties: false },
);

/** Body of `POST /orders`. */
export const PlaceOrder = Type.Object(
  {
    customerId: schemaTypes.CustomerId(),
    region: schemaTypes.Region(),
    currency: schemaTypes.Currency(),
    lines: Type.Array(RequestedLine, { minItems: 1, maxItems: 100 }),
    customer,
    payment,
    client,
  },
  { additionalProperties: false },
);

/** Body of `POST /orders`. */
export type PlaceOrder = Static<typeof PlaceOrder>;

/** Id in `/orders/:id`. */
export const OrderId = schemaTypes.Uuid();

/** An order as both endpoints answer with it; amounts in minor units. */
export const OrderAnswer = Type.Object({
  id: schemaTypes.Uuid(),
  /** Id of its `order.created`. */
  eventId: schemaTypes.Uuid(),
  status: Type.Enum([...orderStatuses]),
  customerId: schemaTypes.CustomerId(),
  region: schemaTypes.Region(),
  currency: schemaTypes.Currency(),
  totalMinor: schemaTypes.MinorUnits(),
  lines: OrderCreated.schema.properties.lines,
  placedAt: schemaTypes.Instant(),
  traceId: Type.String(),
});

/** An order as both endpoints answer with it; amounts in minor units. */
export type OrderAnswer = Static<typeof OrderAnswer>;
