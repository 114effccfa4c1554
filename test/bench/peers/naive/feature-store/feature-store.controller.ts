import type { OrderCreated } from '@millrace/contracts';
import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { NAIVE_ORDERS } from '../shared/naive-task.js';
import { oncePerMessage } from '../shared/once-per-message.js';
import { CustomerOrderEvent } from './feature-store.entities.js';

const ADD_TO_TILE = `
  INSERT INTO customer_order_tile (customer_id, minute, currency, orders, sum_minor)
  VALUES ($1, date_trunc('minute', $2::timestamptz, 'UTC'), $3, 1, $4)
      ON CONFLICT (customer_id, minute, currency)
      DO UPDATE SET orders = customer_order_tile.orders + 1,
                    sum_minor = customer_order_tile.sum_minor + excluded.sum_minor`;

const KEEP_LATEST = `
  INSERT INTO customer_latest (customer_id, last_order_at) VALUES ($1, $2)
      ON CONFLICT (customer_id)
      DO UPDATE SET last_order_at = GREATEST(customer_latest.last_order_at, excluded.last_order_at)`;

/** Adds every order to its customer's features. */
@Controller()
export class FeatureStoreController {
  constructor(private readonly dataSource: DataSource) {}

  @EventPattern(NAIVE_ORDERS)
  async add(@Payload() order: OrderCreated, @Ctx() context: unknown): Promise<void> {
    await oncePerMessage(this.dataSource, context, async (manager, eventId) => {
      const { orderId, customerId, currency, totalMinor, placedAt } = order;
      await manager.save(CustomerOrderEvent, {
        orderId,
        eventId,
        customerId,
        currency,
        sumMinor: totalMinor,
        eventTs: placedAt,
      });
      await manager.query(ADD_TO_TILE, [customerId, placedAt, currency, totalMinor]);
      await manager.query(KEEP_LATEST, [customerId, placedAt]);
    });
  }
}
