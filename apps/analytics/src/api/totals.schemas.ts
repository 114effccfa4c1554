import { schemaTypes } from '@millrace/contracts';
import { Type, type Static } from 'typebox';

/** Filters of the totals; an unknown parameter is refused rather than ignored. */
export const TotalsQuery = Type.Object(
  { region: Type.Optional(schemaTypes.Region()), currency: Type.Optional(schemaTypes.Currency()) },
  { additionalProperties: false },
);

/** Filters of the totals. */
export type TotalsQuery = Static<typeof TotalsQuery>;

/** Orders and revenue by region and currency; revenue in minor units, as text because it may pass 2^53. */
export const Totals = Type.Object({
  items: Type.Array(
    Type.Object({
      region: schemaTypes.Region(),
      currency: schemaTypes.Currency(),
      orders: Type.Integer({ minimum: 1 }),
      revenueMinor: Type.String({ pattern: '^[0-9]+$' }),
    }),
  ),
});

/** Orders and revenue by region and currency. */
export type Totals = Static<typeof Totals>;
