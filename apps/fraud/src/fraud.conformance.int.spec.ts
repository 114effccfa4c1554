import { Outbox } from '@millrace/outbox';
import { describeConsumer, type ConsumerSubject } from '@millrace/testing/conformance';
import { orderCreated, orderCreatedRecord } from '@millrace/testing/runtime';
import { FraudConsumer } from './fraud.consumer.js';
import { liveRuleset } from './live-ruleset.js';
import { migrations } from './migrations/index.js';
import { AssessmentStore } from './store/assessment.store.js';

const { postgres, kafka } = stack;

const fraud: ConsumerSubject = {
  consumer: FraudConsumer,
  providers: (transactions) => [
    { provide: AssessmentStore, useValue: new AssessmentStore(transactions, liveRuleset({})) },
    { provide: Outbox, useValue: new Outbox() },
  ],
  schema: 'fraud',
  migrations,
  event: (id) => orderCreatedRecord(orderCreated({ customerId: id }), id),
  effects: 'SELECT causation_id::uuid AS event_id FROM outbox',
};

describeConsumer(fraud, { postgres });
describeConsumer(fraud, { postgres, kafka }, /duplicate|poison|exhausted|crash between|clean stop/);
