import {
  FraudAssessed,
  FraudReviewed,
  OrderCancelled,
  OrderCreated,
  OrderExpired,
  OrderRejected,
} from '@millrace/contracts';
import { assessedPayload } from '../../apps/fraud/src/domain/assessed-payload.js';
import { decide, type Decision } from '../../apps/fraud/src/domain/decision.js';
import { defaultRuleset } from '../../apps/fraud/src/domain/rules/default-rules.js';
import { Ruleset } from '../../apps/fraud/src/domain/ruleset.js';
import { undecided } from '../../apps/fraud/src/domain/undecided.js';
import type { EventLog, SagaEvent, Tell } from './event-log.js';
import { SagaService, type Fate } from './saga-service.js';

type ReviewState = 'open' | 'approved' | 'declined' | 'closed';

const { rules, ...common } = defaultRuleset({
  bands: { review: 300, decline: 700 },
  velocity: { limit: 10, ipLimit: 100, windowMs: 3_600_000 },
});

/** The code's own rules about amounts: how much an order costs says what becomes of it. */
const RULES = new Ruleset({ ...common, rules: rules.filter(({ when }) => when === 'amount') }, () =>
  'a'.repeat(64),
);

/** The fraud service over its own rules, with the queue of reviews as its table keeps it. */
export class FraudActor extends SagaService<{
  decisions: Map<string, Decision>;
  reviews: Map<string, ReviewState>;
}> {
  protected readonly handlers = {
    [OrderCreated.topic]: (events: readonly SagaEvent[], tell: Tell, now: number) =>
      this.assess(events, tell, now),
    [OrderCancelled.topic]: (events: readonly SagaEvent[]) => this.close(events),
    [OrderExpired.topic]: (events: readonly SagaEvent[]) => this.close(events),
    [OrderRejected.topic]: (events: readonly SagaEvent[]) => this.close(events),
  };

  constructor(log: EventLog) {
    super(log, { decisions: new Map(), reviews: new Map() });
  }

  /** Lets a person decide, when there is anything to decide. */
  review(orderId: string, outcome: 'approve' | 'decline', fate: Fate, now: number): void {
    this.transact(fate, (tell) => {
      if (this.state.reviews.get(orderId) !== 'open') return;
      this.state.reviews.set(orderId, outcome === 'approve' ? 'approved' : 'declined');
      const reviewedAt = new Date(now).toISOString();
      tell(FraudReviewed, { orderId, outcome, reviewer: 'mara', reason: 'called', reviewedAt }, now);
    });
  }

  /** Whether fraud, or the person whom it asked, let the order pass. */
  approved(orderId: string): boolean {
    const outcome = this.state.decisions.get(orderId)?.outcome;
    return outcome === 'approve' || (outcome === 'review' && this.state.reviews.get(orderId) === 'approved');
  }

  /** Orders whose review waits for somebody. */
  open(): string[] {
    return [...this.state.reviews].filter(([, state]) => state === 'open').map(([orderId]) => orderId);
  }

  private assess(events: readonly SagaEvent[], tell: Tell, now: number): void {
    const { decisions, reviews } = this.state;
    const requests = events.map(({ id, data }) => ({
      ...(data as OrderCreated),
      eventId: id,
      traceId: '0'.repeat(32),
    }));
    for (const request of undecided(requests, new Set(decisions.keys()))) {
      const decision = decide(request, { activity: {}, lists: [] }, RULES, new Date(now));
      decisions.set(request.orderId, decision);
      if (decision.outcome !== 'review') continue;
      reviews.set(request.orderId, reviews.get(request.orderId) ?? 'open');
    }
    for (const { orderId } of requests) {
      const decision = decisions.get(orderId);
      if (decision) tell(FraudAssessed, assessedPayload(decision), now);
    }
  }

  private close(events: readonly SagaEvent[]): void {
    const { decisions, reviews } = this.state;
    for (const { orderId } of events) {
      const outcome = decisions.get(orderId)?.outcome ?? 'review';
      if (outcome === 'review' && (reviews.get(orderId) ?? 'open') === 'open') reviews.set(orderId, 'closed');
    }
  }
}
