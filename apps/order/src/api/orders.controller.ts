import { Body, Controller, Get, Param, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { answers, bodyOf, notFound, ProblemError, refuses, validated } from '@millrace/service/http';
import { OrderRefusedError } from '../domain/order-refused.error.js';
import { OrderStore } from '../store/order.store.js';
import type { PlacedOrder } from '../store/placed-order.js';
import { OrderIntake } from './order-intake.js';
import { OrderAnswer, OrderId, PlaceOrder } from './orders.schema.js';

/** What the controller needs of a reply: its headers. */
interface Reply {
  header(name: string, value: string): unknown;
}

/** Takes orders and shows them. */
@ApiTags('orders')
@Controller('orders')
export class OrdersController {
  constructor(
    private readonly intake: OrderIntake,
    private readonly orders: OrderStore,
  ) {}

  /** Places an order; its total is computed here and lines of one SKU are merged. */
  @Post()
  @ApiOperation({ summary: 'Place an order' })
  @bodyOf(PlaceOrder)
  @answers(201, OrderAnswer, 'The order is committed, and so is its event.')
  @refuses(400, 413, 415, 422, 503)
  async place(
    @Body(validated(PlaceOrder)) body: PlaceOrder,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<OrderAnswer> {
    const order = await this.intake.place(body).catch(refusal);
    reply.header('location', `/orders/${order.id}`);
    return answerOf(order);
  }

  /** One order by its id. */
  @Get(':id')
  @ApiOperation({ summary: 'Read an order' })
  @answers(200, OrderAnswer)
  @refuses(404, 422, 503)
  async find(@Param('id', validated(OrderId)) id: string): Promise<OrderAnswer> {
    const order = await this.orders.find(id);
    if (!order) throw notFound('order', id);
    return answerOf(order);
  }
}

function refusal(error: unknown): never {
  if (!(error instanceof OrderRefusedError)) throw error;
  throw new ProblemError({
    status: 422,
    code: error.code,
    title: 'The order cannot be placed',
    errors: [{ path: error.path, message: error.message }],
  });
}

function answerOf(order: PlacedOrder): OrderAnswer {
  const { id, eventId, status, customerId, region, currency, totalMinor, lines, placedAt, traceId } = order;
  return {
    id,
    eventId,
    status,
    customerId,
    region,
    currency,
    totalMinor,
    lines: [...lines],
    placedAt: placedAt.toISOString(),
    traceId,
  };
}
