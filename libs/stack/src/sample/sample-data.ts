/** SKU → pieces on hand that a fresh stack starts with. */
export const sampleStock: Readonly<Record<string, number>> = {
  'MUG-BLUE': 500,
  'TEE-M': 1_000,
  'BOOK-1': 250,
};

/** The order that the start command posts. */
export const sampleOrder = {
  customerId: 'customer-1',
  region: 'EU',
  currency: 'EUR',
  lines: [
    { sku: 'MUG-BLUE', quantity: 2, unitPriceMinor: 1_290 },
    { sku: 'TEE-M', quantity: 1, unitPriceMinor: 2_450 },
  ],
  customer: { email: 'ada@example.com', name: 'Ada', locale: 'en' },
} as const;
