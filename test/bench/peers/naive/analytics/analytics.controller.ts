import type { OrderCreated } from '@millrace/contracts';
import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { NAIVE_ORDERS } from '../shared/naive-task.js';
import { oncePerMessage } from '../shared/once-per-message.js';
import { OrderFact } from './analytics.entities.js';

/** Counts in the database, because two readers of one total would overwrite each other. */
const ADD = `
  INSERT INTO total (region, currency, orders, revenue_minor) VALUES ($1, $2, 1, $3)
      ON CONFLICT (region, currency)
      DO UPDATE SET orders = total.orders + 1, revenue_minor = total.revenue_minor + excluded.revenue_minor`;

/** Counts every order once. */
@Controller()
export class AnalyticsController {
  constructor(private readonly dataSource: DataSource) {}

  @EventPattern(NAIVE_ORDERS)
  async count(@Payload() order: OrderCreated, @Ctx() context: unknown): Promise<void> {
    await oncePerMessage(this.dataSource, context, async (manager, eventId) => {
      const { orderId, region, currency, totalMinor, placedAt } = order;
      await manager.save(OrderFact, {
        orderId,
        eventId,
        region,
        currency,
        revenueMinor: totalMinor,
        placedAt,
      });
      await manager.query(ADD, [region, currency, totalMinor]);
    });
  }
}
