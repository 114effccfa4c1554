import { Outbox } from '@millrace/outbox';
import { describeConsumer, type ConsumerSubject } from '@millrace/testing/conformance';
import { orderCreated, orderCreatedRecord } from '@millrace/testing/runtime';
import { FraudConsumer } from './fraud.consumer.js';
import { migrations } from './migrations/index.js';
import { ReviewStore } from './reviews/review.store.js';
import { liveRuleset } from './rulesets/read-rulesets.js';
import { Rulesets } from './rulesets/rulesets.js';
import { AssessmentStore } from './store/assessment.store.js';
import { KeyHash } from './store/key-hash.js';

const { postgres, kafka } = stack;
const rulesets = new Rulesets(liveRuleset({}));

const fraud: ConsumerSubject = {
  consumer: FraudConsumer,
  providers: (transactions) => [
    { provide: AssessmentStore, useValue: new AssessmentStore(transactions, rulesets, new KeyHash('test')) },
    { provide: ReviewStore, useValue: new ReviewStore(transactions, new Outbox()) },
    { provide: Outbox, useValue: new Outbox() },
  ],
  schema: 'fraud',
  migrations,
  event: (id) => orderCreatedRecord(orderCreated({ customerId: id }), id),
  effects: 'SELECT causation_id::uuid AS event_id FROM outbox',
};

describeConsumer(fraud, { postgres });
describeConsumer(fraud, { postgres, kafka }, /duplicate|poison|exhausted|crash between|clean stop/);
