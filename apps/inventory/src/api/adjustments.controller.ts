import { Body, Controller, HttpCode, HttpStatus, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { access, answers, bodyOf, notFound, ProblemError, refuses, validated } from '@millrace/service/http';
import type { Static } from 'typebox';
import { StockStore } from '../store/stock.store.js';
import { outOfBounds, stockOf } from './stock-answer.js';
import { Adjustment, Stock } from './stock.schemas.js';

/** Changes units on hand by a difference: a delivery, breakage, a return. */
@ApiTags('stock')
@Controller('stock/adjustments')
export class AdjustmentsController {
  constructor(private readonly stock: StockStore) {}

  @Post()
  @access('write')
  @HttpCode(HttpStatus.OK)
  @ApiOperation({ summary: 'Add units to the stock of a SKU, or take them away' })
  @bodyOf(Adjustment)
  @answers(HttpStatus.OK, Stock, 'The stock after it.')
  @refuses(400, 404, 409, 413, 415, 422, 503)
  async adjust(@Body(validated(Adjustment)) body: Static<typeof Adjustment>): Promise<Stock> {
    const { sku, change, reason } = body;
    if (change === 0) throw changesNothing();
    const result = await this.stock.adjust(sku, change, reason, new Date());
    if (!result) throw notFound('stock', sku);
    if (!result.accepted) throw outOfBounds(sku, result);
    return stockOf(result.level);
  }
}

function changesNothing(): ProblemError {
  return new ProblemError({
    status: HttpStatus.UNPROCESSABLE_ENTITY,
    code: 'invalid-request',
    title: 'Invalid request',
    detail: 'An adjustment moves at least one unit.',
    errors: [{ path: '/change', message: 'must not be 0' }],
  });
}
