import { Currency, CustomerId, MinorUnits, Region, Uuid } from '../schema-types.js';

/** Fields that every event of an order's end carries, so that a consumer can act without having seen the order. */
export const settledOrder = () => ({
  orderId: Uuid(),
  customerId: CustomerId(),
  region: Region(),
  currency: Currency(),
  totalMinor: MinorUnits(),
});

/** The same fields in an example. */
export const settledExample = {
  orderId: '01993f6e-8f2b-7c11-9a54-3d2f0c9a7b10',
  customerId: 'c-1001',
  region: 'eu-west',
  currency: 'EUR',
  totalMinor: 5_970,
} as const;
