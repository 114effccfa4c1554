import { Body, Controller, Get, Headers, HttpStatus, Param, Put, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
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
import type { Static } from 'typebox';
import { StockStore } from '../store/stock.store.js';
import { entityTag, guardOf } from './if-match.js';
import { outOfBounds, stockOf } from './stock-answer.js';
import { CountedStock, SkuParam, Stock, StockPage, StockQuery } from './stock.schemas.js';

/** What the controller needs of a reply. */
interface Reply {
  status(code: number): unknown;
  header(name: string, value: string): unknown;
}

const PAGE = 100;

/** What can be promised, per SKU. */
@ApiTags('stock')
@Controller('stock')
export class StockController {
  constructor(private readonly stock: StockStore) {}

  @Get()
  @access('read')
  @ApiOperation({ summary: 'List stock, by SKU' })
  @queryOf(StockQuery)
  @answers(HttpStatus.OK, StockPage)
  @refuses(HttpStatus.UNPROCESSABLE_ENTITY, HttpStatus.SERVICE_UNAVAILABLE)
  async list(@Query(validated(StockQuery)) query: Static<typeof StockQuery>): Promise<StockPage> {
    const limit = query.limit ?? PAGE;
    const levels = await this.stock.page(query.cursor ?? '', limit + 1);
    const items = levels.slice(0, limit).map(stockOf);
    const last = items.at(-1);
    return { items, ...(levels.length > limit && last ? { nextCursor: last.sku } : {}) };
  }

  /** Stock of one SKU; its ETag changes with every change of its stock, also by an order. */
  @Get(':sku')
  @access('read')
  @ApiOperation({ summary: 'Read the stock of a SKU' })
  @answers(HttpStatus.OK, Stock)
  @refuses(HttpStatus.NOT_FOUND, HttpStatus.UNPROCESSABLE_ENTITY, HttpStatus.SERVICE_UNAVAILABLE)
  async one(
    @Param('sku', validated(SkuParam)) sku: string,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<Stock> {
    const level = await this.stock.find(sku);
    if (!level) throw notFound('stock', sku);
    reply.header('etag', entityTag(level.version));
    return stockOf(level);
  }

  /** Sets what was counted on hand, and makes an unknown SKU. */
  @Put(':sku')
  @access('write')
  @ApiOperation({ summary: 'Set the stock of a SKU' })
  @ApiHeader({
    name: 'if-match',
    required: false,
    description: 'The ETag of the stock that was looked at; 412 when it has changed since.',
  })
  @bodyOf(CountedStock)
  @answers(HttpStatus.OK, Stock)
  @answers(HttpStatus.CREATED, Stock)
  @refuses(400, 409, 412, 413, 415, 422, 503)
  async put(
    @Param('sku', validated(SkuParam)) sku: string,
    @Body(validated(CountedStock)) body: Static<typeof CountedStock>,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<Stock> {
    const result = await this.stock.recount(sku, body, new Date(), guardOf(ifMatch));
    if ('stale' in result) throw staleStock(sku, result.stale);
    if (!result.accepted) throw outOfBounds(sku, result);
    reply.status(result.created ? HttpStatus.CREATED : HttpStatus.OK);
    reply.header('etag', entityTag(result.level.version));
    return stockOf(result.level);
  }
}

function staleStock(sku: string, version: number | undefined): ProblemError {
  const now = version === undefined ? 'is unknown' : `now has the ETag ${entityTag(version)}`;
  return new ProblemError({
    status: HttpStatus.PRECONDITION_FAILED,
    code: 'stock-changed',
    title: 'The stock has changed',
    detail: `${sku} ${now}; read it again, and repeat with its ETag if you still want to.`,
  });
}
