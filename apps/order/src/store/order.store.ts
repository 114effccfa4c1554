import { Injectable } from '@nestjs/common';
import type { Transaction } from '@millrace/messaging';
import { Transactions } from '@millrace/persistence';
import { OrderConfig } from '../order.config.js';
import { FIND_ORDER, type OrderRow } from './find-order.sql.js';
import { insertOrders } from './insert-orders.sql.js';
import { LIST_ORDERS } from './list-orders.sql.js';
import type { PlacedOrder } from './placed-order.js';
import { TIMELINE, type TimelineEntry } from './timeline.sql.js';

/** Where a page of orders ended: the moment of its last order in microseconds, as RFC 3339 text, and its id. */
export interface OrderCursor {
  readonly placedAt: string;
  readonly id: string;
}

/** A page of orders, newest first; `next` is there when more follow. */
export interface OrderPage {
  readonly items: readonly PlacedOrder[];
  readonly next?: OrderCursor;
}

/** The orders in their schema. */
@Injectable()
export class OrderStore {
  constructor(
    private readonly transactions: Transactions,
    private readonly config: OrderConfig,
  ) {}

  /** Inserts orders with their lines, one statement for all of them, within the caller's transaction. */
  insertAll(orders: readonly PlacedOrder[], tx: Transaction): void {
    if (orders.length === 0) return;
    insertOrders(tx, orders, new Date(Date.now() + this.config.deadlineMs));
  }

  /** The order of that id; undefined when there is none. */
  async find(id: string): Promise<PlacedOrder | undefined> {
    const [row] = await this.transactions.read<OrderRow>(FIND_ORDER, [id]);
    return row && orderOf(row);
  }

  /** A page of orders after the cursor, of one customer or of all. */
  async page(limit: number, customerId?: string, after?: OrderCursor): Promise<OrderPage> {
    const rows = await this.transactions.read<OrderRow & { cursorAt: string }>(LIST_ORDERS, [
      customerId ?? null,
      after?.placedAt ?? null,
      after?.id ?? null,
      limit + 1,
    ]);
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      items: shown.map(orderOf),
      ...(last ? { next: { placedAt: last.cursorAt, id: last.id } } : {}),
    };
  }

  /** What happened to an order and was heard of it, oldest first; empty when there is none. */
  timeline(id: string): Promise<TimelineEntry[]> {
    return this.transactions.read<TimelineEntry>(TIMELINE, [id]);
  }

  /** The order of that id as it was when it was placed, whatever became of it since; the id must exist. */
  async asPlaced(id: string, tx: Transaction): Promise<PlacedOrder> {
    const [row] = await tx.query<OrderRow>(FIND_ORDER, [id]);
    if (!row) throw new TypeError('an Idempotency-Key stands for an order that is not there');
    return { ...orderOf(row), status: 'pending' };
  }
}

function orderOf({ totalMinor, ...row }: OrderRow): PlacedOrder {
  return { ...row, totalMinor: Number(totalMinor) };
}
