import { Body, Controller, Post } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { newOrder, orderCreated, type OrderRequest } from '../../../../../apps/order/src/domain/order.js';
import { OutboxMessage } from '../shared/outbox.entity.js';
import { NaiveOrder, NaiveOrderLine } from './order.entities.js';

/** What a caller is told of its order. */
export interface OrderAnswer {
  readonly id: string;
  readonly eventId: string;
}

/** Takes orders by the rules of our service: order, lines and outbox row in one transaction. */
@Controller('orders')
export class OrdersController {
  constructor(private readonly dataSource: DataSource) {}

  @Post()
  async place(@Body() request: OrderRequest): Promise<OrderAnswer> {
    const order = newOrder(request, { id: uuidv7(), placedAt: new Date() });
    const eventId = uuidv7();
    const { lines, ...row } = order;
    await this.dataSource.transaction(async (manager) => {
      await manager.save(NaiveOrder, { ...row, eventId, traceId: '', updatedAt: order.placedAt });
      await manager.save(
        NaiveOrderLine,
        lines.map((line, index) => ({ ...line, orderId: order.id, lineNo: index + 1 })),
      );
      await manager.save(OutboxMessage, {
        id: eventId,
        aggregatetype: 'order.created',
        aggregateid: order.id,
        type: 'order.created',
        payload: orderCreated(order),
      });
    });
    return { id: order.id, eventId };
  }
}
