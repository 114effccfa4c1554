import { describeConsumer, type ConsumerSubject } from '@millrace/testing/conformance';
import { orderCreated, orderCreatedRecord } from '@millrace/testing/runtime';
import { AnalyticsConsumer } from './analytics.consumer.js';
import { migrations } from './migrations/index.js';

const { postgres, kafka } = stack;

const analytics: ConsumerSubject = {
  consumer: AnalyticsConsumer,
  schema: 'analytics',
  migrations,
  event: (id) => orderCreatedRecord(orderCreated(), id),
  effects: 'SELECT event_id FROM order_fact',
};

describeConsumer(analytics, { postgres });
describeConsumer(analytics, { postgres, kafka }, /duplicate|poison|exhausted|crash between|clean stop/);
