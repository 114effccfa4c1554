import { schemaTypes } from '@millrace/contracts';
import { Type, type Static } from 'typebox';
import { MOST_UNITS } from '../domain/stock/stock-level.js';

const Units = () => Type.Integer({ minimum: 0, maximum: MOST_UNITS });

/** A SKU in a path. */
export const SkuParam = schemaTypes.Sku();

/** Body of `PUT /stock/:sku`: the units counted on hand; limit and threshold stay as they are when left out. */
export const CountedStock = Type.Object(
  {
    onHand: Units(),
    backorderLimit: Type.Optional(Units()),
    lowThreshold: Type.Optional(Type.Union([Units(), Type.Null()])),
  },
  { additionalProperties: false },
);

/** Body of `POST /stock/adjustments`: units more or less on hand, and why. */
export const Adjustment = Type.Object(
  {
    sku: schemaTypes.Sku(),
    change: Type.Integer({ minimum: -MOST_UNITS, maximum: MOST_UNITS }),
    reason: Type.String({ minLength: 1, maxLength: 200 }),
  },
  { additionalProperties: false },
);

/** Query of `GET /stock`: at most `limit` SKUs after `cursor`. */
export const StockQuery = Type.Object(
  {
    cursor: Type.Optional(schemaTypes.Sku()),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
  },
  { additionalProperties: false },
);

/** Stock of one SKU, in whole units; `available` can still be promised. */
export const Stock = Type.Object({
  sku: schemaTypes.Sku(),
  onHand: Type.Integer(),
  reserved: Type.Integer(),
  available: Type.Integer(),
  backorderLimit: Type.Integer(),
  lowThreshold: Type.Union([Type.Integer(), Type.Null()]),
});

/** A page of stock; `nextCursor` is there when more follows. */
export const StockPage = Type.Object({
  items: Type.Array(Stock),
  nextCursor: Type.Optional(schemaTypes.Sku()),
});

/** Stock of one SKU as HTTP tells it. */
export type Stock = Static<typeof Stock>;

/** A page of stock as HTTP tells it. */
export type StockPage = Static<typeof StockPage>;
