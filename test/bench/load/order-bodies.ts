/** SKUs that are ordered. */
export const SKUS: readonly string[] = Array.from({ length: 200 }, (_, index) => `SKU-${1_000 + index}`);

/** An order as it is sent. */
export interface OrderBody {
  readonly text: string;
  readonly lines: number;
}

const REGIONS = ['eu-west', 'eu-north', 'us-east', 'ap-south'] as const;
const CURRENCIES = ['EUR', 'USD', 'SEK'] as const;
const CUSTOMERS = 5_000;

/** The n-th order: always the same, of one to three lines, by one of 5,000 customers. */
export function orderBody(n: number): OrderBody {
  const customer = `c-${(n * 7_919) % CUSTOMERS}`;
  const lines = Array.from({ length: 1 + (n % 3) }, (_, line) => ({
    sku: pick(SKUS, n * 13 + line * 31),
    quantity: 1 + ((n + line) % 4),
    unitPriceMinor: 490 + ((n * 37 + line) % 90) * 100,
  }));
  const order = {
    customerId: customer,
    region: pick(REGIONS, n),
    currency: pick(CURRENCIES, n >> 2),
    lines,
    customer: { email: `${customer}@example.com`, name: 'Ada Example', locale: 'en' },
  };
  return { text: JSON.stringify(order), lines: lines.length };
}

function pick<Value>(values: readonly Value[], index: number): Value {
  const value = values[index % values.length];
  if (value === undefined) throw new RangeError('there is nothing to pick from');
  return value;
}
