import { Injectable } from '@nestjs/common';
import type { Transaction } from '@millrace/messaging';
import { Transactions } from '@millrace/persistence';
import { FIND_ORDER, type OrderRow } from './find-order.sql.js';
import { insertOrders } from './insert-orders.sql.js';
import type { PlacedOrder } from './placed-order.js';

/** The orders in their schema. */
@Injectable()
export class OrderStore {
  constructor(private readonly transactions: Transactions) {}

  /** Inserts orders with their lines, one statement for all of them, within the caller's transaction. */
  async insertAll(orders: readonly PlacedOrder[], tx: Transaction): Promise<void> {
    if (orders.length > 0) await insertOrders(tx, orders);
  }

  /** The order of that id; undefined when there is none. */
  async find(id: string): Promise<PlacedOrder | undefined> {
    const [row] = await this.transactions.read<OrderRow>(FIND_ORDER, [id]);
    return row && orderOf(row);
  }

  /** The order of that id as it was when it was placed, whatever became of it since; the id must exist. */
  async asPlaced(id: string, tx: Transaction): Promise<PlacedOrder> {
    const [row] = await tx.query<OrderRow>(FIND_ORDER, [id]);
    if (!row) throw new TypeError('an Idempotency-Key stands for an order that is not there');
    return { ...orderOf(row), status: 'pending' };
  }
}

function orderOf(row: OrderRow): PlacedOrder {
  return { ...row, totalMinor: Number(row.totalMinor) };
}
