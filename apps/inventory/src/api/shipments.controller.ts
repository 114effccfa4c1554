import { Body, Controller, HttpStatus, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { access, answers, bodyOf, notFound, ProblemError, refuses, validated } from '@millrace/service/http';
import type { Static } from 'typebox';
import type { Shortage } from '../domain/decision.js';
import { Shipments } from '../lifecycle/shipments.js';
import { ShipOrder, Shipment } from './reservation.schemas.js';

/** Takes what orders hold out of the stock. */
@ApiTags('shipments')
@Controller('shipments')
export class ShipmentsController {
  constructor(private readonly shipments: Shipments) {}

  /** Ships a confirmed order; doing it again changes nothing and is answered with the same shipment. */
  @Post()
  @access('write')
  @ApiOperation({ summary: 'Ship a confirmed order' })
  @bodyOf(ShipOrder)
  @answers(HttpStatus.CREATED, Shipment, 'The order is shipped.')
  @answers(HttpStatus.OK, Shipment, 'It had been shipped before.')
  @refuses(400, 404, 409, 413, 415, 422, 503)
  async ship(
    @Body(validated(ShipOrder)) body: Static<typeof ShipOrder>,
    @Res({ passthrough: true }) response: { status(code: number): unknown },
  ): Promise<Shipment> {
    const orderId = body.orderId.toLowerCase();
    const result = await this.shipments.ship(orderId, new Date());
    if (result.shipped) {
      response.status(result.now ? HttpStatus.CREATED : HttpStatus.OK);
      return { orderId, lines: [...result.lines], shippedAt: result.at.toISOString() };
    }
    if ('missing' in result) throw notOnHand(result.missing);
    if (result.status === undefined) throw notFound('reservation', orderId);
    throw notConfirmed(result.status);
  }
}

function notConfirmed(status: string): ProblemError {
  return new ProblemError({
    status: HttpStatus.CONFLICT,
    code: 'order-not-confirmed',
    title: 'The order cannot be shipped',
    detail: `Its stock is ${status}; only that of a confirmed order can be shipped.`,
  });
}

function notOnHand(missing: readonly Shortage[]): ProblemError {
  return new ProblemError({
    status: HttpStatus.CONFLICT,
    code: 'stock-not-on-hand',
    title: 'Not all of it is there yet',
    detail: 'The order holds units beyond those on hand; count or adjust the stock when they have come.',
    errors: missing.map(({ sku, requested, available }) => ({
      path: `/lines/${sku}`,
      message: `needs ${requested}, on hand are ${available}`,
    })),
  });
}
