import { Injectable } from '@nestjs/common';
import type { Transaction } from '@millrace/messaging';
import { entityManagerOf, Transactions } from '@millrace/persistence';
import { decide, type AssessmentRequest, type Decision } from '../domain/decision.js';
import { Ruleset } from '../domain/ruleset.js';
import { MAX_COUNTED_ORDERS } from '../domain/thresholds.js';
import { undecided } from '../domain/undecided.js';
import { AssessmentEntity } from './assessment.entity.js';
import { insertDecisions, liveDecisions } from './assessment.sql.js';
import { countActivity, lockCustomers, recordActivity } from './velocity.sql.js';

/** A request with its order's decision. */
export interface Answer<Request> {
  readonly request: Request;
  readonly decision: Decision;
}

/** Decisions, one live per order. */
@Injectable()
export class AssessmentStore {
  constructor(
    private readonly transactions: Transactions,
    private readonly ruleset: Ruleset,
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
    await lockCustomers(
      tx,
      requests.map(({ customerId }) => customerId),
    );
    const live = await liveDecisions(
      tx,
      requests.map(({ orderId }) => orderId),
    );
    const made = await this.decideAll(
      undecided(requests, new Set(live.map(({ orderId }) => orderId))),
      now,
      tx,
    );
    const decisions = new Map([...live, ...made].map((decision) => [decision.orderId, decision]));
    return requests.flatMap((request) => {
      const decision = decisions.get(request.orderId);
      return decision ? [{ request, decision }] : [];
    });
  }

  /** The live decision of an order; null when fraud has not judged it. */
  find(orderId: string): Promise<AssessmentEntity | null> {
    return this.transactions.run((tx) =>
      entityManagerOf(tx).findOneBy(AssessmentEntity, { orderId, live: true }),
    );
  }

  private async decideAll(
    requests: readonly AssessmentRequest[],
    now: Date,
    tx: Transaction,
  ): Promise<Decision[]> {
    if (requests.length === 0) return [];
    await recordActivity(tx, requests);
    const counted = await countActivity(
      tx,
      requests.map(({ orderId }) => orderId),
      {
        windowMs: this.ruleset.thresholds.velocity.windowMs,
        atMost: MAX_COUNTED_ORDERS,
      },
    );
    const made = requests.map((request) => decide(request, counted.get(request.orderId), this.ruleset, now));
    await insertDecisions(tx, made);
    return made;
  }
}
