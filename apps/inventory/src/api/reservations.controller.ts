import { Controller, Get, HttpStatus, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { access, answers, notFound, refuses, validated } from '@millrace/service/http';
import type { ReservationEntity } from '../store/reservation.entity.js';
import { ReservationStore } from '../store/reservation.store.js';
import { OrderIdParam, Reservation } from './reservation.schemas.js';

/** What inventory decided, and what became of it, per order. */
@ApiTags('reservations')
@Controller('reservations')
export class ReservationsController {
  constructor(private readonly reservations: ReservationStore) {}

  @Get(':orderId')
  @access('read')
  @ApiOperation({ summary: "Read what became of an order's stock" })
  @answers(HttpStatus.OK, Reservation)
  @refuses(HttpStatus.NOT_FOUND, HttpStatus.UNPROCESSABLE_ENTITY, HttpStatus.SERVICE_UNAVAILABLE)
  async one(@Param('orderId', validated(OrderIdParam)) orderId: string): Promise<Reservation> {
    const found = await this.reservations.find(orderId);
    if (!found) throw notFound('reservation', orderId);
    return reservationOf(found);
  }
}

function reservationOf(found: ReservationEntity): Reservation {
  const { orderId, status, shortages, expiresAt, changedAt } = found;
  const reason = found.reason ?? found.releaseReason;
  return {
    orderId,
    status,
    lines: found.lines.map(({ sku, quantity }) => ({ sku, quantity })),
    ...(reason ? { reason } : {}),
    ...(shortages ? { shortages } : {}),
    decidedAt: found.decidedAt.toISOString(),
    ...(status === 'held' && expiresAt ? { expiresAt: expiresAt.toISOString() } : {}),
    ...(changedAt ? { changedAt: changedAt.toISOString() } : {}),
  };
}
