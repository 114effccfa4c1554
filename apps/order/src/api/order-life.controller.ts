import { Body, Controller, DefaultValuePipe, Get, HttpCode, HttpStatus, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { access, answers, bodyOf, notFound, ProblemError, refuses, validated } from '@millrace/service/http';
import type { Static } from 'typebox';
import { OrderLifecycle } from '../lifecycle/order-lifecycle.js';
import { OrderStore } from '../store/order.store.js';
import type { TimelineEntry } from '../store/timeline.sql.js';
import { orderAnswer } from './order-answer.js';
import { CancelOrder, Timeline } from './order-life.schema.js';
import { OrderAnswer, OrderId } from './orders.schema.js';

/** Ends orders early and shows how they went. */
@ApiTags('orders')
@Controller('orders/:id')
export class OrderLifeController {
  constructor(
    private readonly lifecycle: OrderLifecycle,
    private readonly orders: OrderStore,
  ) {}

  /** Cancels a pending order; doing it again changes nothing and is answered alike. */
  @Post('cancel')
  @access('write')
  @HttpCode(HttpStatus.OK)
  @ApiOperation({ summary: 'Cancel a pending order' })
  @bodyOf(CancelOrder, { required: false })
  @answers(200, OrderAnswer, 'The order is cancelled.')
  @refuses(400, 404, 409, 413, 415, 422, 503)
  async cancel(
    @Param('id', validated(OrderId)) id: string,
    @Body(new DefaultValuePipe({}), validated(CancelOrder)) { reason }: Static<typeof CancelOrder>,
  ): Promise<OrderAnswer> {
    const cancellation = await this.lifecycle.cancel(id.toLowerCase(), reason);
    const order = cancellation === 'unknown' ? undefined : await this.orders.find(id);
    if (!order) throw notFound('order', id);
    if (cancellation === 'settled') throw alreadySettled(order.status);
    return orderAnswer(order);
  }

  /** What happened to an order: its own transitions and the words of the checks that it heard. */
  @Get('timeline')
  @access('read')
  @ApiOperation({ summary: "Read an order's history" })
  @answers(200, Timeline)
  @refuses(404, 422, 503)
  async timeline(@Param('id', validated(OrderId)) id: string): Promise<Timeline> {
    const entries = await this.orders.timeline(id);
    if (!entries.some(({ kind }) => kind === 'transition')) throw notFound('order', id);
    return { items: entries.map(timelineItem) };
  }
}

function timelineItem(entry: TimelineEntry): Timeline['items'][number] {
  const { what, because, eventId } = entry;
  const at = entry.at.toISOString();
  if (entry.kind === 'feedback') {
    return { kind: 'feedback', at, signal: what, effect: entry.effect ?? '', eventId };
  }
  const status = what as OrderAnswer['status'];
  return { kind: 'transition', at, status, eventId, ...(because === null ? {} : { because }) };
}

function alreadySettled(status: string): ProblemError {
  return new ProblemError({
    status: HttpStatus.CONFLICT,
    code: 'order-settled',
    title: 'The order has ended',
    detail: `It is ${status}; only a pending order can be cancelled.`,
  });
}
