import type { Feature, FeatureValue, FeatureView } from './feature-view.js';

const DAY_MS = 24 * 60 * 60 * 1_000;
const SUM_OF_CURRENCY = /^sum_minor_24h_([a-z]{3})$/;

/** Orders of one currency within the window. */
export interface OrderSum {
  readonly orders: bigint;
  /** In minor units. */
  readonly sumMinor: bigint;
}

/** What is known of a customer that ordered at least once. */
export interface CustomerOrders {
  /** Event time of the latest order. */
  readonly lastOrderAt: Date;
  /** Sums over the window by currency; currencies without orders are absent. */
  readonly sums: ReadonlyMap<string, OrderSum>;
}

/** Length of the window behind the `_24h` features, in milliseconds. */
export const CUSTOMER_ORDERS_WINDOW_MS = DAY_MS;

const count24h: Feature<CustomerOrders> = {
  name: 'count_24h',
  valueOf: ({ sums }) => exact([...sums.values()].reduce((total, { orders }) => total + orders, 0n)),
};

const lastOrderAt: Feature<CustomerOrders> = {
  name: 'last_order_at',
  valueOf: (state) => state.lastOrderAt.toISOString(),
};

/** Amounts of different currencies are never added, so each currency has a feature of its own. */
function sum24h(currency: string): Feature<CustomerOrders> {
  return {
    name: `sum_minor_24h_${currency}`,
    valueOf: ({ sums }) => exact(sums.get(currency.toUpperCase())?.sumMinor ?? 0n),
  };
}

/** A customer's orders in event time: count and sums over the last 24 hours in minute tiles, and the latest. */
export const customerOrders: FeatureView<CustomerOrders> = {
  name: 'customer_orders',
  entity: 'customer_id',
  ttlMs: 90 * DAY_MS,
  references: [
    'customer_orders:count_24h',
    'customer_orders:sum_minor_24h_<currency in lower case>',
    'customer_orders:last_order_at',
  ],
  feature(name) {
    if (name === count24h.name) return count24h;
    if (name === lastOrderAt.name) return lastOrderAt;
    const currency = SUM_OF_CURRENCY.exec(name)?.[1];
    return currency === undefined ? undefined : sum24h(currency);
  },
  eventTimeOf: (state) => state.lastOrderAt,
};

function exact(value: bigint): FeatureValue {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();
}
