import { Outbox } from '@millrace/outbox';
import { describeConsumer, type ConsumerSubject } from '@millrace/testing/conformance';
import { orderCreated, orderCreatedRecord } from '@millrace/testing/runtime';
import { readInventoryConfig } from './inventory.config.js';
import { InventoryConsumer } from './inventory.consumer.js';
import { migrations } from './migrations/index.js';
import { HoldEndings } from './lifecycle/hold-endings.js';
import { Reservations } from './lifecycle/reservations.js';

const { postgres, kafka } = stack;

const inventory: ConsumerSubject = {
  consumer: InventoryConsumer,
  providers: (transactions) => [
    { provide: Reservations, useValue: new Reservations(new Outbox(), readInventoryConfig({})) },
    { provide: HoldEndings, useValue: new HoldEndings(transactions, new Outbox()) },
  ],
  schema: 'inventory',
  migrations,
  event: (id) => orderCreatedRecord(orderCreated(), id),
  effects: 'SELECT causation_id::uuid AS event_id FROM outbox',
};

describeConsumer(inventory, { postgres });
describeConsumer(inventory, { postgres, kafka }, /duplicate|poison|exhausted|crash between|clean stop/);
