import { Controller, Get, HttpStatus, Param } from '@nestjs/common';
import { access, answers, notFound, refuses, validated } from '@millrace/service/http';
import { AssessmentStore } from '../store/assessment.store.js';
import { Assessment, OrderIdParam } from './assessment.schemas.js';

/** What fraud decided, per order. */
@Controller('assessments')
export class AssessmentsController {
  constructor(private readonly assessments: AssessmentStore) {}

  @Get(':orderId')
  @access('read')
  @answers(HttpStatus.OK, Assessment)
  @refuses(HttpStatus.NOT_FOUND, HttpStatus.UNPROCESSABLE_ENTITY)
  async one(@Param('orderId', validated(OrderIdParam)) orderId: string): Promise<Assessment> {
    const found = await this.assessments.find(orderId);
    if (!found) throw notFound('assessment', orderId);
    const { outcome, score, hits, inputs, thresholds, rulesetHash, traceId, decidedAt } = found;
    return {
      orderId: found.orderId,
      outcome,
      score,
      hits,
      inputs: { ...inputs, lists: [...inputs.lists] },
      thresholds,
      rulesetHash,
      traceId,
      decidedAt: decidedAt.toISOString(),
    };
  }
}
