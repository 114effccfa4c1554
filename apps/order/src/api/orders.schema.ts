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

/** An order as every endpoint answers with it; amounts in minor units. */
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

/** An order as every endpoint answers with it; amounts in minor units. */
export type OrderAnswer = Static<typeof OrderAnswer>;

/** Longest time that a request may wait for an order to settle, milliseconds. */
const LONGEST_WAIT_MS = 25_000;

/** Query of `GET /orders/:id`: with `wait=settled` the answer comes once the order has ended, or after `timeoutMs`. */
export const FindOrder = Type.Object(
  {
    wait: Type.Optional(Type.Enum(['settled'])),
    timeoutMs: Type.Optional(Type.Integer({ minimum: 1, maximum: LONGEST_WAIT_MS, default: 10_000 })),
  },
  { additionalProperties: false },
);

/** Query of `GET /orders`: at most `limit` orders after `cursor`, newest first, of one customer or of all. */
export const ListOrders = Type.Object(
  {
    customerId: Type.Optional(schemaTypes.CustomerId()),
    cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  },
  { additionalProperties: false },
);

/** A page of orders; `nextCursor` is there when more follow. */
export const OrderPage = Type.Object({
  items: Type.Array(OrderAnswer),
  nextCursor: Type.Optional(Type.String()),
});

/** A page of orders; `nextCursor` is there when more follow. */
export type OrderPage = Static<typeof OrderPage>;
