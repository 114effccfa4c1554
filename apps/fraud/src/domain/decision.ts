import type { Facts, Inputs } from './inputs.js';
import type { Judgement } from './judgement.js';
import type { AppliedThresholds, Ruleset } from './ruleset.js';
import { windowName } from './velocity/activity-window.js';
import type { Origin } from './velocity/key-kind.js';

/** A judgement with all that explains it; (event id, rule set hash) identify it. */
export interface Decision extends Judgement {
  readonly orderId: string;
  /** Event that the decision was made for. */
  readonly eventId: string;
  readonly inputs: Inputs;
  /** Thresholds that held then; the whole rule set is kept under its hash. */
  readonly thresholds: AppliedThresholds;
  readonly rulesetHash: string;
  /** Trace of the order that was judged. */
  readonly traceId: string;
  readonly decidedAt: Date;
}

/** An order that asks for a decision. */
export interface AssessmentRequest extends Origin {
  readonly orderId: string;
  readonly eventId: string;
  readonly traceId: string;
  readonly currency: string;
  readonly totalMinor: number;
  readonly placedAt: string;
}

/** Decides one order by what was found out about it. */
export function decide(
  request: AssessmentRequest,
  facts: Facts,
  ruleset: Ruleset,
  decidedAt: Date,
): Decision {
  const { orderId, eventId, traceId, currency, totalMinor, placedAt } = request;
  const inputs = { currency, totalMinor, placedAt, ...seenBy(ruleset, facts) };
  const judgement = ruleset.judge(inputs);
  return {
    orderId,
    eventId,
    traceId,
    ...judgement,
    inputs,
    thresholds: ruleset.thresholdsOf(judgement, currency),
    rulesetHash: ruleset.hash,
    decidedAt,
  };
}

/** The windows of this rule set alone: another one beside it leaves no trace in its inputs. */
function seenBy({ windows }: Ruleset, { activity, lists }: Facts): Facts {
  const names = windows.map(windowName);
  const measured = names.flatMap((name) => {
    const measures = activity[name];
    return measures ? [[name, measures] as const] : [];
  });
  return { activity: Object.fromEntries(measured), lists };
}
