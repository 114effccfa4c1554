import { schemaTypes } from '@millrace/contracts';
import { Type, type Static } from 'typebox';

/** A SKU in a path. */
export const SkuParam = schemaTypes.Sku();

/** Body of `PUT /stock/:sku`: the units counted on hand. */
export const CountedStock = Type.Object(
  { onHand: Type.Integer({ minimum: 0, maximum: 1_000_000_000 }) },
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
