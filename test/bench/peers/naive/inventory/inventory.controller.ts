import type { OrderCreated } from '@millrace/contracts';
import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { DataSource, In, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Decision } from '../../../../../apps/inventory/src/domain/decision.js';
import { outcomeEvent } from '../../../../../apps/inventory/src/domain/outcome-event.js';
import { reserve } from '../../../../../apps/inventory/src/domain/reserve.js';
import { NAIVE_ORDERS } from '../shared/naive-task.js';
import { oncePerMessage } from '../shared/once-per-message.js';
import { OutboxMessage } from '../shared/outbox.entity.js';
import { Movement, Reservation, ReservationLine, Stock } from './inventory.entities.js';

/** Holds stock for every order, by the rules of our service. */
@Controller()
export class InventoryController {
  constructor(private readonly dataSource: DataSource) {}

  @EventPattern(NAIVE_ORDERS)
  async reserve(@Payload() order: OrderCreated, @Ctx() context: unknown): Promise<void> {
    await oncePerMessage(this.dataSource, context, async (manager, eventId) => {
      const { orderId, lines } = order;
      const levels = await lockStock(
        manager,
        lines.map(({ sku }) => sku),
      );
      const now = new Date();
      const { made, taken } = reserve([{ orderId, eventId, lines }], { levels, decisions: [], now });
      for (const { sku, quantity } of taken) {
        const level = levels.find((each) => each.sku === sku);
        if (level) level.reserved += quantity;
      }
      await manager.save(Stock, levels);
      for (const decision of made) await store(manager, decision);
    });
  }
}

/** Locks in one order, so that two messages wait for each other and never deadlock. */
function lockStock(manager: EntityManager, skus: string[]): Promise<Stock[]> {
  return manager.find(Stock, {
    where: { sku: In(skus) },
    order: { sku: 'ASC' },
    lock: { mode: 'pessimistic_write' },
  });
}

async function store(manager: EntityManager, decision: Decision): Promise<void> {
  const { orderId, eventId, status, decidedAt } = decision;
  const rejected = decision.status === 'rejected' ? decision : undefined;
  await manager.save(Reservation, {
    orderId,
    eventId,
    status,
    decidedAt,
    reason: rejected?.reason ?? null,
    shortages: rejected ? [...rejected.shortages] : null,
  });
  const held = decision.status === 'held' ? decision.lines : [];
  await manager.save(
    ReservationLine,
    held.map((line) => ({ ...line, orderId })),
  );
  await manager.save(
    Movement,
    held.map(({ sku, quantity }) => ({
      sku,
      kind: 'reserved',
      reservedChange: quantity,
      orderId,
      eventId,
      movedAt: decidedAt,
    })),
  );
  const { event, data } = outcomeEvent(decision);
  await manager.save(OutboxMessage, {
    id: uuidv7(),
    aggregatetype: event.type,
    aggregateid: orderId,
    type: event.type,
    payload: data,
  });
}
