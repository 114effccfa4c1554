import { randomBytes } from 'node:crypto';
import { Body, Controller, Get, Post, Res } from '@nestjs/common';
import { OrderCreated } from '@millrace/contracts';
import { validated } from '@millrace/service/http';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { orderAnswer } from '../../../apps/order/src/api/order-answer.js';
import { PlaceOrder } from '../../../apps/order/src/api/orders.schema.js';
import { newOrder, orderCreated, type Order } from '../../../apps/order/src/domain/order.js';
import { SavedEvent, SavedOrder, SavedOrderLine } from './intake-save.entities.js';

/** Time that the checks of an order have. */
const DEADLINE_MS = 900_000;

interface Reply {
  header(name: string, value: string): unknown;
}

/** Ids that an order is kept with. */
interface Identity {
  readonly eventId: string;
  readonly traceId: string;
}

/**
 * The peer of the order service: the same validation, the same rule and the same answer, and for every order a
 * transaction in which `save()` writes it with its lines and its event.
 */
@Controller()
export class SaveController {
  constructor(private readonly dataSource: DataSource) {}

  @Get('health/ready')
  ready(): object {
    return {};
  }

  @Post('orders')
  async place(
    @Body(validated(PlaceOrder)) body: PlaceOrder,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<object> {
    const order = newOrder(body, { id: uuidv7(), placedAt: new Date() });
    const identity = { eventId: uuidv7(), traceId: randomBytes(16).toString('hex') };
    await this.dataSource.transaction(async (manager) => {
      await manager.save(savedOrder(order, identity));
      await manager.save(savedEvent(order, identity));
    });
    reply.header('location', `/orders/${order.id}`);
    return orderAnswer({ ...order, ...identity });
  }
}

function savedOrder(order: Order, { eventId, traceId }: Identity): SavedOrder {
  const { id, customerId, region, currency, totalMinor, status, details, placedAt } = order;
  const lines = order.lines.map((line, index) =>
    Object.assign(new SavedOrderLine(), { ...line, orderId: id, lineNo: index + 1 }),
  );
  return Object.assign(new SavedOrder(), {
    ...{ id, customerId, region, currency, totalMinor, status, details, eventId, traceId, lines },
    placedAt,
    updatedAt: placedAt,
    deadlineAt: new Date(placedAt.getTime() + DEADLINE_MS),
  });
}

function savedEvent(order: Order, { eventId, traceId }: Identity): SavedEvent {
  return Object.assign(new SavedEvent(), {
    id: eventId,
    aggregateType: OrderCreated.aggregate,
    aggregateId: order.id,
    topic: OrderCreated.topic,
    type: OrderCreated.type,
    source: OrderCreated.source,
    dataSchema: OrderCreated.dataSchema,
    causationId: eventId,
    contentType: OrderCreated.contentType,
    payload: JSON.stringify(orderCreated(order)),
    traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01`,
  });
}
