import type { Readable } from 'node:stream';
import { Body, Controller, Headers, HttpCode, Post } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import { access, answers, ProblemError, refuses, streamedBody } from '@millrace/service/http';
import { BatchBusyError, BatchLostError } from '../domain/import.errors.js';
import { OrderImporter } from '../import/order-importer.js';
import { batchIdOf } from './batch-id-header.js';
import { ImportAnswer } from './import.schema.js';

const BATCH_ID = 'batch-id';

/** Takes many orders in one request. */
@ApiTags('orders')
@Controller('orders/import')
export class ImportController {
  constructor(private readonly importer: OrderImporter) {}

  /** Places the order of each line; a bad line is reported by number and loses no other one. */
  @Post()
  @access('write')
  @HttpCode(200)
  @ApiOperation({ summary: 'Import orders, one per line' })
  @ApiHeader({
    name: BATCH_ID,
    required: true,
    schema: { type: 'string', pattern: '^[!-~]{1,64}$' },
    description: '1 to 64 visible ASCII characters; the same batch sent again adds what is missing.',
  })
  @streamedBody(
    'application/x-ndjson',
    'A line per order: the body of POST /orders and, if known, placedAt (RFC 3339). Any number of lines.',
  )
  @answers(200, ImportAnswer, 'The body was read to its end; every order that exists is committed.')
  @refuses(400, 408, 409, 415, 503)
  async import(@Headers(BATCH_ID) header: unknown, @Body() body: Readable): Promise<ImportAnswer> {
    const report = await this.importer.import(batchIdOf(header), body).catch(refusal);
    return {
      ...report,
      refused: report.refused.map(({ line, errors }) => ({ line, errors: [...errors] })),
    };
  }
}

function refusal(error: unknown): never {
  if (!(error instanceof BatchBusyError || error instanceof BatchLostError)) throw error;
  throw new ProblemError({
    status: 409,
    code: error.code,
    title: 'Batch in use',
    detail: 'Another import of this batch is under way; send yours again when it has ended.',
    retryAfterSeconds: 5,
  });
}
