import { randomUUID } from 'node:crypto';
import { FraudAssessed } from '@millrace/contracts';
import { Outbox } from '@millrace/outbox';
import { describeConsumer, type ConsumerSubject } from '@millrace/testing/conformance';
import { eventRecord } from '@millrace/testing/runtime';
import { OrderLifecycle } from './lifecycle/order-lifecycle.js';
import { migrations } from './migrations/index.js';
import { readOrderConfig } from './order.config.js';
import { OrderConsumer } from './order.consumer.js';

const { postgres, kafka } = stack;
const { examples } = FraudAssessed;

const order: ConsumerSubject = {
  consumer: OrderConsumer,
  providers: (transactions) => [
    {
      provide: OrderLifecycle,
      useValue: new OrderLifecycle(transactions, new Outbox(), readOrderConfig({})),
    },
  ],
  schema: 'order',
  migrations,
  event: (id) => eventRecord(FraudAssessed, { ...examples[0]!, orderId: randomUUID() }, id),
  effects: 'SELECT event_id FROM order_feedback',
};

describeConsumer(order, { postgres });
describeConsumer(order, { postgres, kafka }, /duplicate|poison|exhausted|crash between|clean stop/);
