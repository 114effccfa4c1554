import { Body, Controller, Get, Headers, Param, Post, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { answers, bodyOf, notFound, ProblemError, refuses, validated } from '@millrace/service/http';
import { IdempotencyConflictError } from '../domain/idempotency.js';
import { OrderRefusedError } from '../domain/order-refused.error.js';
import { fingerprintOf } from '../intake/fingerprint.js';
import { OrderIntake } from '../intake/order-intake.js';
import { OrderConfig } from '../order.config.js';
import { OrderStore } from '../store/order.store.js';
import type { PlacedOrder } from '../store/placed-order.js';
import { idempotencyKeyOf, idempotencyProblem } from './idempotency-header.js';
import { OrderAnswer, OrderId, PlaceOrder } from './orders.schema.js';

/** What the controller needs of a reply: its headers, and to know when the caller leaves. */
interface Reply {
  header(name: string, value: string): unknown;
  readonly raw: {
    readonly writableFinished: boolean;
    once(event: 'close', listener: () => void): unknown;
  };
}

const IDEMPOTENCY_KEY = 'idempotency-key';

/** Takes orders and shows them. */
@ApiTags('orders')
@Controller('orders')
export class OrdersController {
  constructor(
    private readonly intake: OrderIntake,
    private readonly orders: OrderStore,
    private readonly config: OrderConfig,
  ) {}

  /** Places an order; its total is computed here and lines of one SKU are merged. */
  @Post()
  @ApiOperation({ summary: 'Place an order' })
  @ApiHeader({
    name: IDEMPOTENCY_KEY,
    required: false,
    description: '1 to 255 visible ASCII characters; a repeated request is answered like the first one.',
  })
  @bodyOf(PlaceOrder)
  @answers(201, OrderAnswer, 'The order is committed, and so is its event.')
  @refuses(400, 409, 413, 415, 422, 503)
  async place(
    @Body(validated(PlaceOrder)) body: PlaceOrder,
    @Headers(IDEMPOTENCY_KEY) header: unknown,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<OrderAnswer> {
    const key = idempotencyKeyOf(header, this.config.idempotencyKeyRequired);
    const idempotency = key === undefined ? undefined : { key, fingerprint: fingerprintOf(body) };
    const order = await this.intake.place(body, { idempotency, signal: leaving(reply) }).catch(refusal);
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

/** Aborts when the caller hangs up before it was answered. */
function leaving({ raw }: Reply): AbortSignal {
  const left = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) left.abort(new Error('the caller has left'));
  });
  return left.signal;
}

function refusal(error: unknown): never {
  if (error instanceof IdempotencyConflictError) throw idempotencyProblem(error.code);
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
