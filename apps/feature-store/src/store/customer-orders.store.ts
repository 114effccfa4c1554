import { Injectable } from '@nestjs/common';
import { Transactions } from '@millrace/persistence';
import type { CustomerOrders, OrderSum } from '../domain/customer-orders.js';
import type { TimeWindow } from '../domain/time-window.js';
import { readLatest, readSums } from './read-features.sql.js';

/** The online store of the feature view `customer_orders`. */
@Injectable()
export class CustomerOrdersStore {
  constructor(private readonly transactions: Transactions) {}

  /** What is known of those customers that ever ordered, by customer id. */
  async find(
    customerIds: readonly string[],
    window: TimeWindow,
  ): Promise<ReadonlyMap<string, CustomerOrders>> {
    const [latest, sums] = await Promise.all([
      readLatest(this.transactions, customerIds),
      readSums(this.transactions, customerIds, window),
    ]);
    const byCustomer = new Map<string, Map<string, OrderSum>>();
    for (const { customerId, currency, orders, sumMinor } of sums) {
      const ofCustomer = byCustomer.get(customerId) ?? new Map<string, OrderSum>();
      ofCustomer.set(currency, { orders: BigInt(orders), sumMinor: BigInt(sumMinor) });
      byCustomer.set(customerId, ofCustomer);
    }
    return new Map(
      latest.map(({ customerId, lastOrderAt }) => [
        customerId,
        { lastOrderAt, sums: byCustomer.get(customerId) ?? new Map<string, OrderSum>() },
      ]),
    );
  }
}
