import { Controller, Get, HttpStatus, Query } from '@nestjs/common';
import { access, answers, queryOf, refuses, validated } from '@millrace/service/http';
import { TotalStore } from '../store/total.store.js';
import { Totals, TotalsQuery } from './totals.schemas.js';

/** Orders and revenue by region and currency. */
@Controller('totals')
export class TotalsController {
  constructor(private readonly totals: TotalStore) {}

  @Get()
  @access('read')
  @queryOf(TotalsQuery)
  @answers(HttpStatus.OK, Totals)
  @refuses(HttpStatus.UNPROCESSABLE_ENTITY)
  async list(@Query(validated(TotalsQuery)) filter: TotalsQuery): Promise<Totals> {
    const totals = await this.totals.find(filter);
    return {
      items: totals.map(({ region, currency, orders, revenueMinor }) => ({
        region,
        currency,
        orders: Number(orders),
        revenueMinor,
      })),
    };
  }
}
