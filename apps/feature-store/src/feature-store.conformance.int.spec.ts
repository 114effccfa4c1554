import { describeConsumer, type ConsumerSubject } from '@millrace/testing/conformance';
import { orderCreated, orderCreatedRecord } from '@millrace/testing/runtime';
import { FeatureStoreConsumer } from './feature-store.consumer.js';
import { migrations } from './migrations/index.js';

const { postgres, kafka } = stack;

const featureStore: ConsumerSubject = {
  consumer: FeatureStoreConsumer,
  schema: 'feature_store',
  migrations,
  event: (id) => orderCreatedRecord(orderCreated({ customerId: id }), id),
  effects: 'SELECT event_id FROM customer_order_event',
};

describeConsumer(featureStore, { postgres });
describeConsumer(featureStore, { postgres, kafka }, /duplicate|poison|exhausted|crash between|clean stop/);
