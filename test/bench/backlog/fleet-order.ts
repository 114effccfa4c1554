const [CUSTOMERS, SKUS, LINES] = [100_000, 200, 2] as const;
const REGIONS = ['eu-west', 'eu-north', 'eu-south', 'us-east', 'us-west', 'br', 'in', 'jp'] as const;
const CURRENCIES = ['EUR', 'USD', 'GBP', 'JPY'] as const;

/** Body of `POST /orders` and what an event tells of it, as far as it is chosen here. */
export interface FleetOrder {
  readonly customerId: string;
  readonly region: string;
  readonly currency: string;
  readonly lines: { sku: string; quantity: number; unitPriceMinor: number }[];
  readonly customer: { email: string; name: string; locale: string };
}

/** All SKUs that the orders of a benchmark name. */
export const FLEET_SKUS: readonly string[] = Array.from({ length: SKUS }, (_, index) => `SKU-${index + 1}`);

/**
 * An order of one of many customers over many SKUs, so that no row is everybody's. Its mail address is none: the mail
 * is written down, and nobody sends it, because sending is measured nowhere here.
 */
export function fleetOrder(): FleetOrder {
  const first = below(SKUS);
  return {
    customerId: `customer-${below(CUSTOMERS)}`,
    region: REGIONS[below(REGIONS.length)] ?? 'eu-west',
    currency: CURRENCIES[below(CURRENCIES.length)] ?? 'EUR',
    lines: Array.from({ length: LINES }, (_, line) => ({
      sku: FLEET_SKUS[(first + line * 7) % SKUS] ?? 'SKU-1',
      quantity: 1 + below(3),
      unitPriceMinor: 100 + below(5_000),
    })),
    customer: { email: 'nobody', name: 'Ada', locale: 'en' },
  };
}

function below(limit: number): number {
  return Math.floor(Math.random() * limit);
}
