import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { OrderCreated } from '@millrace/contracts';
import { EventContext } from '@millrace/messaging';
import { Transactions } from '@millrace/persistence';
import { createTestDatabase, type TestDatabase } from '@millrace/testing';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { FeatureStoreConsumer, OrderToFeature } from './feature-store.consumer.js';
import { migrations } from './migrations/index.js';

function received(order: OrderCreated) {
  const id = randomUUID();
  return {
    id,
    type: OrderCreated.type,
    source: OrderCreated.source,
    occurredAt: new Date(),
    causationId: id,
    key: order.orderId,
    data: OrderToFeature.read(order),
    context: ROOT_CONTEXT,
    traceId: '0af7651916cd43dd8448eb211c80319c',
    topic: OrderCreated.topic,
    partition: 0,
    offset: 0n,
  };
}

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(stack.postgres, { schema: 'feature_store', migrations });
});
afterAll(() => database.drop());

it('keeps every order of a batch by id and adds it to its customer and minute', async () => {
  const events = OrderCreated.examples.map(received);
  const transactions = new Transactions(database.dataSource);
  await transactions.run((tx) =>
    new FeatureStoreConsumer().add({ events }, new EventContext(tx, 'feature-store')),
  );

  const minute = new Date('2026-03-01T10:15:00.000Z');
  expect(await transactions.read('SELECT * FROM customer_order_tile ORDER BY customer_id')).toEqual([
    { customer_id: 'c-1001', minute, currency: 'EUR', orders: '1', sum_minor: '5970' },
    { customer_id: 'c-1002', minute, currency: 'USD', orders: '1', sum_minor: '2990' },
  ]);
  const kept = await transactions.read(
    'SELECT event_id, order_id, customer_id, event_ts FROM customer_order_event ORDER BY order_id',
  );
  expect(kept).toEqual(
    events.map(({ id, data }) => ({
      event_id: id,
      order_id: data.orderId,
      customer_id: data.customerId,
      event_ts: new Date(data.placedAt),
    })),
  );
});
