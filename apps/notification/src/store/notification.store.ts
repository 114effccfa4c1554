import { Injectable } from '@nestjs/common';
import { entityManagerOf, Transactions } from '@millrace/persistence';
import { NotificationEntity } from './notification.entity.js';

/** The ledger of notifications, for people. */
@Injectable()
export class NotificationStore {
  constructor(private readonly transactions: Transactions) {}

  /** The notifications of an order, oldest first. */
  ofOrder(orderId: string): Promise<NotificationEntity[]> {
    return this.transactions.run((tx) =>
      entityManagerOf(tx).find(NotificationEntity, {
        where: { orderId },
        order: { createdAt: 'ASC', id: 'ASC' },
      }),
    );
  }
}
