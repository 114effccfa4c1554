import type { Inputs } from './inputs.js';
import type { Judgement } from './judgement.js';
import type { Ruleset } from './ruleset.js';
import type { Thresholds } from './thresholds.js';

/** A judgement with all that explains it; (event id, rule set hash) identify it. */
export interface Decision extends Judgement {
  readonly orderId: string;
  /** Event that the decision was made for. */
  readonly eventId: string;
  readonly inputs: Inputs;
  /** Thresholds that held then; of the amounts only the order's currency. */
  readonly thresholds: Thresholds;
  readonly rulesetHash: string;
  /** Trace of the order that was judged. */
  readonly traceId: string;
  readonly decidedAt: Date;
}

/** An order that asks for a decision. */
export interface AssessmentRequest {
  readonly orderId: string;
  readonly eventId: string;
  readonly traceId: string;
  readonly customerId: string;
  readonly currency: string;
  readonly totalMinor: number;
  readonly placedAt: string;
}

/** Decides one order; `customerOrders` as in `Inputs`. */
export function decide(
  request: AssessmentRequest,
  customerOrders: number | undefined,
  ruleset: Ruleset,
  decidedAt: Date,
): Decision {
  const { orderId, eventId, traceId, currency, totalMinor, placedAt } = request;
  const inputs = {
    currency,
    totalMinor,
    placedAt,
    ...(customerOrders === undefined ? {} : { customerOrders }),
  };
  const limits = ruleset.thresholds.amounts[currency];
  return {
    orderId,
    eventId,
    traceId,
    ...ruleset.judge(inputs),
    inputs,
    thresholds: { ...ruleset.thresholds, amounts: limits ? { [currency]: limits } : {} },
    rulesetHash: ruleset.hash,
    decidedAt,
  };
}
