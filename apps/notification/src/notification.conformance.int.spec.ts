import { describeConsumer, type ConsumerSubject } from '@millrace/testing/conformance';
import { orderCreated, orderCreatedRecord } from '@millrace/testing/runtime';
import { migrations } from './migrations/index.js';
import { NotificationConfig } from './notification.config.js';
import { NotificationConsumer } from './notification.consumer.js';

const { postgres, kafka } = stack;
const config = new NotificationConfig('smtp://127.0.0.1:25', 'orders@example.com', 'example.com');

const notification: ConsumerSubject = {
  consumer: NotificationConsumer,
  providers: () => [{ provide: NotificationConfig, useValue: config }],
  schema: 'notification',
  migrations,
  event: (id) => orderCreatedRecord(orderCreated(), id),
  effects: 'SELECT event_id FROM notification',
};

describeConsumer(notification, { postgres });
describeConsumer(notification, { postgres, kafka }, /duplicate|poison|exhausted|crash between|clean stop/);
