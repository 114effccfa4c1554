import type { OrderCreated } from '@millrace/contracts';
import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { Between, DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { assessedPayload } from '../../../../../apps/fraud/src/domain/assessed-payload.js';
import { decide } from '../../../../../apps/fraud/src/domain/decision.js';
import { liveRuleset } from '../../../../../apps/fraud/src/live-ruleset.js';
import { NAIVE_ORDERS } from '../shared/naive-task.js';
import { oncePerMessage } from '../shared/once-per-message.js';
import { OutboxMessage } from '../shared/outbox.entity.js';
import { Assessment, CustomerActivity } from './fraud.entities.js';

/** Judges every order with the rules of our service. */
@Controller()
export class FraudController {
  private readonly ruleset = liveRuleset();

  constructor(private readonly dataSource: DataSource) {}

  @EventPattern(NAIVE_ORDERS)
  async assess(@Payload() order: OrderCreated, @Ctx() context: unknown): Promise<void> {
    await oncePerMessage(this.dataSource, context, async (manager, eventId) => {
      const orders = await this.countOrders(manager, order);
      const request = { ...order, eventId, traceId: '' };
      const decision = decide(request, orders, this.ruleset, new Date());
      await manager.save(Assessment, { ...decision, hits: [...decision.hits] });
      await manager.save(OutboxMessage, {
        id: uuidv7(),
        aggregatetype: 'fraud.assessed',
        aggregateid: order.orderId,
        type: 'fraud.assessed',
        payload: assessedPayload(decision),
      });
    });
  }

  /** Orders of the customer around this one, itself included; one customer's orders are counted one at a time. */
  private async countOrders(manager: EntityManager, order: OrderCreated): Promise<number> {
    const { orderId, customerId, placedAt } = order;
    await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 7))', [customerId]);
    await manager.save(CustomerActivity, { orderId, customerId, placedAt });
    const { windowMs } = this.ruleset.thresholds.velocity;
    const at = Date.parse(placedAt);
    return manager.count(CustomerActivity, {
      where: { customerId, placedAt: Between(new Date(at - windowMs), new Date(at + windowMs)) },
    });
  }
}
