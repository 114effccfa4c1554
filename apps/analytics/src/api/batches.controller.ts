import { Controller, Get, HttpStatus, Param } from '@nestjs/common';
import { access, answers, notFound, refuses, validated } from '@millrace/service/http';
import { batchStateOf } from '../domain/batch-state.js';
import { BatchStore, type Batch } from '../store/batch.store.js';
import { BatchAnswer, BatchId } from './batches.schemas.js';

/** Imports, and whether all of each has arrived. */
@Controller('batches')
export class BatchesController {
  constructor(private readonly batches: BatchStore) {}

  @Get(':id')
  @access('read')
  @answers(HttpStatus.OK, BatchAnswer)
  @refuses(HttpStatus.NOT_FOUND, HttpStatus.UNPROCESSABLE_ENTITY)
  async find(@Param('id', validated(BatchId)) id: string): Promise<BatchAnswer> {
    const batch = await this.batches.find(id);
    if (!batch) throw notFound('batch', id);
    return answerOf(batch);
  }
}

function answerOf({ batchId, arrived, announced, begunAt, endedAt }: Batch): BatchAnswer {
  return {
    batchId,
    state: batchStateOf(arrived, announced),
    arrived,
    announced,
    begunAt: begunAt?.toISOString() ?? null,
    endedAt: endedAt?.toISOString() ?? null,
  };
}
