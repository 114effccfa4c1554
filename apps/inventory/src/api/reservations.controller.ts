import { Controller, Get, HttpStatus, Param } from '@nestjs/common';
import { answers, notFound, refuses, validated } from '@millrace/service/http';
import { ReservationStore } from '../store/reservation.store.js';
import { OrderIdParam, Reservation } from './reservation.schemas.js';

/** What inventory decided, per order. */
@Controller('reservations')
export class ReservationsController {
  constructor(private readonly reservations: ReservationStore) {}

  @Get(':orderId')
  @answers(HttpStatus.OK, Reservation)
  @refuses(HttpStatus.NOT_FOUND, HttpStatus.UNPROCESSABLE_ENTITY)
  async one(@Param('orderId', validated(OrderIdParam)) orderId: string): Promise<Reservation> {
    const found = await this.reservations.find(orderId);
    if (!found) throw notFound('reservation', orderId);
    const { status, reason, shortages } = found;
    return {
      orderId: found.orderId,
      status,
      lines: found.lines.map(({ sku, quantity }) => ({ sku, quantity })),
      ...(reason && shortages ? { reason, shortages } : {}),
      decidedAt: found.decidedAt.toISOString(),
    };
  }
}
