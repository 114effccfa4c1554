import type { OrderCreated } from '@millrace/contracts';
import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { Between, DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { assessedPayload } from '../../../../../apps/fraud/src/domain/assessed-payload.js';
import { decide } from '../../../../../apps/fraud/src/domain/decision.js';
import { around, windowName } from '../../../../../apps/fraud/src/domain/velocity/activity-window.js';
import { readThresholds } from '../../../../../apps/fraud/src/fraud.config.js';
import { liveRuleset } from '../../../../../apps/fraud/src/rulesets/read-rulesets.js';
import { NAIVE_ORDERS } from '../shared/naive-task.js';
import { oncePerMessage } from '../shared/once-per-message.js';
import { OutboxMessage } from '../shared/outbox.entity.js';
import { Assessment, CustomerActivity } from './fraud.entities.js';

/** Judges every order with the rules of our service. */
@Controller()
export class FraudController {
  private readonly ruleset = liveRuleset();
  private readonly windowMs = readThresholds().velocity.windowMs;
  private readonly window = windowName(around('customer', this.windowMs));

  constructor(private readonly dataSource: DataSource) {}

  @EventPattern(NAIVE_ORDERS)
  async assess(@Payload() order: OrderCreated, @Ctx() context: unknown): Promise<void> {
    await oncePerMessage(this.dataSource, context, async (manager, eventId) => {
      const orders = await this.countOrders(manager, order);
      const request = { ...order, eventId, traceId: '' };
      const measures = { orders, sumMinor: String(order.totalMinor) };
      const facts = { activity: { [this.window]: measures }, lists: [] };
      const decision = decide(request, facts, this.ruleset, new Date());
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
    const { windowMs } = this;
    const at = Date.parse(placedAt);
    return manager.count(CustomerActivity, {
      where: { customerId, placedAt: Between(new Date(at - windowMs), new Date(at + windowMs)) },
    });
  }
}
