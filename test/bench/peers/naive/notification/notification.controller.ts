import type { OrderCreated } from '@millrace/contracts';
import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { confirmOrder } from '../../../../../apps/notification/src/domain/order-confirmation.js';
import { NAIVE_ORDERS } from '../shared/naive-task.js';
import { oncePerMessage } from '../shared/once-per-message.js';
import { Notification } from './notification.entities.js';

const FALLBACK_DOMAIN = 'example.com';

/** Writes down which mail goes to whom, with the templates of our service. */
@Controller()
export class NotificationController {
  constructor(private readonly dataSource: DataSource) {}

  @EventPattern(NAIVE_ORDERS)
  async confirm(@Payload() order: OrderCreated, @Ctx() context: unknown): Promise<void> {
    await oncePerMessage(this.dataSource, context, async (manager, eventId) => {
      const { undeliverable, ...draft } = confirmOrder(order, FALLBACK_DOMAIN);
      await manager.save(Notification, {
        ...draft,
        id: uuidv7(),
        eventId,
        orderId: order.orderId,
        state: undeliverable === undefined ? 'queued' : 'failed',
        lastError: undeliverable ?? null,
      });
    });
  }
}
