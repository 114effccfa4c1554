import { Injectable } from '@nestjs/common';
import { entityManagerOf, Transactions } from '@millrace/persistence';
import { ReservationEntity } from './reservation.entity.js';

/** Reservations, one per order, for reads. */
@Injectable()
export class ReservationStore {
  constructor(private readonly transactions: Transactions) {}

  /** The reservation of an order with its lines, sorted by SKU; null when inventory has not heard of it. */
  find(orderId: string): Promise<ReservationEntity | null> {
    return this.transactions.run((tx) =>
      entityManagerOf(tx).findOne(ReservationEntity, {
        where: { orderId },
        relations: { lines: true },
        order: { lines: { sku: 'ASC' } },
      }),
    );
  }
}
