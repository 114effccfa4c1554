import { randomUUID } from 'node:crypto';
import type { ViewData } from '@millrace/contracts';
import { EventContext, type ReceivedEvent } from '@millrace/messaging';
import { Outbox } from '@millrace/outbox';
import { Transactions } from '@millrace/persistence';
import { contextFromTraceparent } from '@millrace/telemetry';
import { createTestDatabase, type TestDatabase } from '@millrace/testing';
import { FraudConsumer, type OrderToAssess } from './fraud.consumer.js';
import { ListStore } from './lists/list.store.js';
import { migrations } from './migrations/index.js';
import { ReviewStore } from './reviews/review.store.js';
import { liveRuleset } from './rulesets/read-rulesets.js';
import { Rulesets } from './rulesets/rulesets.js';
import { AssessmentEntity } from './store/assessment.entity.js';
import { AssessmentStore } from './store/assessment.store.js';
import { KeyHash } from './store/key-hash.js';

/** An order as the consumer receives it. */
export type Order = ReceivedEvent<ViewData<typeof OrderToAssess>>;

/** Event time of orders that say nothing else. */
export const NOON = Date.parse('2026-03-01T12:00:00.000Z');

/** Trace of every order. */
export const TRACE = '0af7651916cd43dd8448eb211c80319c';

/** The received event of an order, by default a small one at noon. */
export function order(customerId: string, data: Partial<Order['data']> = {}): Order {
  const id = randomUUID();
  const orderId = data.orderId ?? randomUUID();
  return {
    id,
    type: 'order.created',
    source: '/millrace/order',
    occurredAt: new Date(),
    causationId: id,
    key: orderId,
    data: {
      customerId,
      currency: 'EUR',
      totalMinor: 2_990,
      placedAt: new Date(NOON).toISOString(),
      ...data,
      orderId,
    },
    context: contextFromTraceparent(`00-${TRACE}-00000000000000a1-01`),
    traceId: TRACE,
    topic: 'order.created',
    partition: 0,
    offset: 0n,
  };
}

/** The same, so long after noon. */
export function placed(customerId: string, afterNoonMs: number, data: Partial<Order['data']> = {}): Order {
  return order(customerId, { placedAt: new Date(NOON + afterNoonMs).toISOString(), ...data });
}

/** The fraud service's consumer and stores on a database of their own. */
export class FraudBench {
  readonly transactions: Transactions;
  readonly reviews: ReviewStore;
  readonly lists: ListStore;

  private constructor(
    readonly database: TestDatabase,
    readonly rulesets: Rulesets,
  ) {
    this.transactions = new Transactions(database.dataSource);
    this.reviews = new ReviewStore(this.transactions, new Outbox());
    this.lists = new ListStore(this.transactions);
  }

  /** Makes the database on a server. */
  static async create(postgres: string, rulesets = new Rulesets(liveRuleset({}))): Promise<FraudBench> {
    const settings = { schema: 'fraud', migrations, entities: [AssessmentEntity], poolSize: 8 };
    return new FraudBench(await createTestDatabase(postgres, settings), rulesets);
  }

  get assessments(): AssessmentStore {
    return this.assessmentsUnder(this.rulesets);
  }

  /** Lets the consumer handle a batch in a transaction, under its own rule sets or others. */
  handle(events: readonly Order[], rulesets = this.rulesets): Promise<void> {
    const consumer = new FraudConsumer(this.assessmentsUnder(rulesets), this.reviews, new Outbox());
    return this.transactions.run((tx) => consumer.assess({ events }, new EventContext(tx, 'fraud')));
  }

  /** Outcomes of orders that were handled. */
  async outcomes(orders: readonly Order[]): Promise<(string | undefined)[]> {
    const found = await this.rows<{ orderId: string; outcome: string }>(
      'SELECT order_id AS "orderId", outcome FROM assessment WHERE live',
    );
    const outcomes = new Map(found.map(({ orderId, outcome }) => [orderId, outcome]));
    return orders.map(({ data }) => outcomes.get(data.orderId));
  }

  rows<Row extends object>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.transactions.read<Row>(sql, parameters);
  }

  /** Forgets everything. */
  async clear(): Promise<void> {
    await this.database.dataSource.query(
      'TRUNCATE assessment, shadow_assessment, activity, activity_minute, review, list_entry, ruleset, outbox',
    );
  }

  private assessmentsUnder(rulesets: Rulesets): AssessmentStore {
    return new AssessmentStore(this.transactions, rulesets, new KeyHash('test'));
  }
}
