import { Injectable } from '@nestjs/common';
import type { Transaction } from '@millrace/messaging';
import { entityManagerOf, Transactions } from '@millrace/persistence';
import { decide, type AssessmentRequest, type Decision } from '../domain/decision.js';
import { undecided } from '../domain/undecided.js';
import { Rulesets } from '../rulesets/rulesets.js';
import { insertShadowDecisions, type ShadowDecision } from '../shadow/shadow-assessment.sql.js';
import { AssessmentEntity } from './assessment.entity.js';
import { insertDecisions, liveDecisions } from './assessment.sql.js';
import { findFacts, type Examined } from './fact-finder.js';
import { KeyHash, slotsOf } from './key-hash.js';
import { touchedKeys } from './order-activity.js';
import { lockSlots } from './velocity.sql.js';

/** A request with its order's decision. */
export interface Answer<Request> {
  readonly request: Request;
  readonly decision: Decision;
  /** True when the decision was made for this request. */
  readonly isNew: boolean;
}

/** Decisions, one live per order. */
@Injectable()
export class AssessmentStore {
  constructor(
    private readonly transactions: Transactions,
    private readonly rulesets: Rulesets,
    private readonly hash: KeyHash,
  ) {}

  /**
   * Answers a batch of orders, in order, within the caller's transaction. An order that has a live decision, also
   * one made earlier in the batch, is answered with it: a second event or a replay never judges anew.
   */
  async assessAll<Request extends AssessmentRequest>(
    requests: readonly Request[],
    now: Date,
    tx: Transaction,
  ): Promise<Answer<Request>[]> {
    const first = undecided(requests, new Set());
    const keys = touchedKeys(first, this.hash);
    lockSlots(tx, slotsOf(keys.map(({ key }) => key)));
    const examined = await findFacts(tx, first, keys, this.rulesets.windows);
    const made = examined.map(({ request, facts }) => decide(request, facts, this.rulesets.live, now));
    if (made.length > 0) insertDecisions(tx, made);
    await this.runShadows(examined, made, now, tx);
    const decided = first.length - made.length;
    const live =
      decided === 0
        ? []
        : await liveDecisions(
            tx,
            first.map(({ orderId }) => orderId),
          );
    return answersOf(requests, [...live, ...made], new Set(made));
  }

  /** The live decision of an order; null when fraud has not judged it. */
  find(orderId: string): Promise<AssessmentEntity | null> {
    return this.transactions.run((tx) =>
      entityManagerOf(tx).findOneBy(AssessmentEntity, { orderId, live: true }),
    );
  }

  private async runShadows(
    examined: readonly Examined<AssessmentRequest>[],
    live: readonly Decision[],
    now: Date,
    tx: Transaction,
  ): Promise<void> {
    const { shadows } = this.rulesets;
    if (shadows.length === 0 || examined.length === 0) return;
    const decisions = examined.flatMap(({ request, facts }, index): ShadowDecision[] => {
      const beside = live[index];
      if (!beside) return [];
      return shadows.map((shadow) => ({ decision: decide(request, facts, shadow, now), live: beside }));
    });
    insertShadowDecisions(tx, decisions);
  }
}

function answersOf<Request extends AssessmentRequest>(
  requests: readonly Request[],
  decisions: readonly Decision[],
  made: Set<Decision>,
): Answer<Request>[] {
  const byOrder = new Map(decisions.map((decision) => [decision.orderId, decision]));
  return requests.flatMap((request) => {
    const decision = byOrder.get(request.orderId);
    return decision ? [{ request, decision, isNew: made.delete(decision) }] : [];
  });
}
