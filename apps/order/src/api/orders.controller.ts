import { Body, Controller, Get, Headers, Param, Post, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Static } from 'typebox';
import {
  access,
  answers,
  bodyOf,
  notFound,
  ProblemError,
  queryOf,
  refuses,
  validated,
} from '@millrace/service/http';
import { IdempotencyConflictError } from '../domain/idempotency.js';
import { OrderRefusedError } from '../domain/order-refused.error.js';
import { fingerprintOf } from '../intake/fingerprint.js';
import { OrderIntake } from '../intake/order-intake.js';
import { SettledOrders } from '../lifecycle/settled-orders.js';
import { OrderConfig } from '../order.config.js';
import { OrderStore } from '../store/order.store.js';
import { idempotencyKeyOf, idempotencyProblem } from './idempotency-header.js';
import { orderAnswer } from './order-answer.js';
import { cursorOf, cursorText } from './order-cursor.js';
import { FindOrder, ListOrders, OrderAnswer, OrderId, OrderPage, PlaceOrder } from './orders.schema.js';

/** What the controller needs of a reply: its headers, and to know when the caller leaves. */
interface Reply {
  header(name: string, value: string): unknown;
  readonly raw: {
    readonly writableFinished: boolean;
    once(event: 'close', listener: () => void): unknown;
  };
}

const IDEMPOTENCY_KEY = 'idempotency-key';
const PAGE_ORDERS = 50;
const WAIT_MS = 10_000;

/** Takes orders and shows them. */
@ApiTags('orders')
@Controller('orders')
export class OrdersController {
  constructor(
    private readonly intake: OrderIntake,
    private readonly orders: OrderStore,
    private readonly config: OrderConfig,
    private readonly settled: SettledOrders,
  ) {}

  /** Places an order; its total is computed here and lines of one SKU are merged. */
  @Post()
  @access('write')
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
    return orderAnswer(order);
  }

  /** Orders, newest first, a page at a time. */
  @Get()
  @access('read')
  @ApiOperation({ summary: 'List orders, newest first' })
  @queryOf(ListOrders)
  @answers(200, OrderPage)
  @refuses(422, 503)
  async list(@Query(validated(ListOrders)) query: Static<typeof ListOrders>): Promise<OrderPage> {
    const after = query.cursor === undefined ? undefined : cursorOf(query.cursor);
    const { items, next } = await this.orders.page(query.limit ?? PAGE_ORDERS, query.customerId, after);
    return { items: items.map(orderAnswer), ...(next ? { nextCursor: cursorText(next) } : {}) };
  }

  /** One order by its id, at once or when it has ended. */
  @Get(':id')
  @access('read')
  @ApiOperation({ summary: 'Read an order' })
  @queryOf(FindOrder)
  @answers(200, OrderAnswer)
  @refuses(404, 422, 503)
  async find(
    @Param('id', validated(OrderId)) id: string,
    @Query(validated(FindOrder)) { wait, timeoutMs = WAIT_MS }: Static<typeof FindOrder>,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<OrderAnswer> {
    const order = await this.orders.find(id);
    if (!order) throw notFound('order', id);
    if (wait === undefined || order.status !== 'pending') return orderAnswer(order);
    await this.settled.wait(order.id, timeoutMs, leaving(reply));
    return orderAnswer((await this.orders.find(id)) ?? order);
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
