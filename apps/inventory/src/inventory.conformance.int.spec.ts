import { Outbox } from '@millrace/outbox';
import { describeConsumer, type ConsumerSubject } from '@millrace/testing/conformance';
import { orderCreated, orderCreatedRecord } from '@millrace/testing/runtime';
import { InventoryConsumer } from './inventory.consumer.js';
import { migrations } from './migrations/index.js';
import { ReservationStore } from './store/reservation.store.js';

const { postgres, kafka } = stack;

const inventory: ConsumerSubject = {
  consumer: InventoryConsumer,
  providers: (transactions) => [
    { provide: ReservationStore, useValue: new ReservationStore(transactions) },
    { provide: Outbox, useValue: new Outbox() },
  ],
  schema: 'inventory',
  migrations,
  event: (id) => orderCreatedRecord(orderCreated(), id),
  effects: 'SELECT causation_id::uuid AS event_id FROM outbox',
};

describeConsumer(inventory, { postgres });
describeConsumer(inventory, { postgres, kafka }, /duplicate|poison|exhausted|crash between|clean stop/);
