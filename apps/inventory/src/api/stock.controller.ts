import { Body, Controller, Get, HttpStatus, Param, Put, Query, Res } from '@nestjs/common';
import { answers, bodyOf, notFound, ProblemError, queryOf, refuses, validated } from '@millrace/service/http';
import type { Static } from 'typebox';
import { availableOf, type StockLevel } from '../domain/stock-level.js';
import { StockStore } from '../store/stock.store.js';
import { CountedStock, SkuParam, Stock, StockPage, StockQuery } from './stock.schemas.js';

const PAGE = 100;

/** What can be promised, per SKU. */
@Controller('stock')
export class StockController {
  constructor(private readonly stock: StockStore) {}

  @Get()
  @queryOf(StockQuery)
  @answers(HttpStatus.OK, StockPage)
  @refuses(HttpStatus.UNPROCESSABLE_ENTITY)
  async list(@Query(validated(StockQuery)) query: Static<typeof StockQuery>): Promise<StockPage> {
    const limit = query.limit ?? PAGE;
    const levels = await this.stock.page(query.cursor ?? '', limit + 1);
    const items = levels.slice(0, limit).map(stockOf);
    const last = items.at(-1);
    return { items, ...(levels.length > limit && last ? { nextCursor: last.sku } : {}) };
  }

  @Get(':sku')
  @answers(HttpStatus.OK, Stock)
  @refuses(HttpStatus.NOT_FOUND, HttpStatus.UNPROCESSABLE_ENTITY)
  async one(@Param('sku', validated(SkuParam)) sku: string): Promise<Stock> {
    const level = await this.stock.find(sku);
    if (!level) throw notFound('stock', sku);
    return stockOf(level);
  }

  @Put(':sku')
  @bodyOf(CountedStock)
  @answers(HttpStatus.OK, Stock)
  @answers(HttpStatus.CREATED, Stock)
  @refuses(HttpStatus.CONFLICT, HttpStatus.UNPROCESSABLE_ENTITY)
  async put(
    @Param('sku', validated(SkuParam)) sku: string,
    @Body(validated(CountedStock)) { onHand }: Static<typeof CountedStock>,
    @Res({ passthrough: true }) response: { status(code: number): unknown },
  ): Promise<Stock> {
    const result = await this.stock.recount(sku, onHand, new Date());
    if (!result.accepted) throw belowReserved(sku, result.least);
    response.status(result.created ? HttpStatus.CREATED : HttpStatus.OK);
    return stockOf(result.level);
  }
}

function stockOf(level: StockLevel): Stock {
  const { sku, onHand, reserved } = level;
  return { sku, onHand, reserved, available: availableOf(level) };
}

function belowReserved(sku: string, least: number): ProblemError {
  return new ProblemError({
    status: HttpStatus.CONFLICT,
    code: 'stock-below-reserved',
    title: 'Orders hold more than that',
    detail: `${sku} needs at least ${least} on hand to cover what orders hold; count it higher.`,
  });
}
