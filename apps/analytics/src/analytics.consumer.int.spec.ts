import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { OrderCreated } from '@millrace/contracts';
import { EventContext } from '@millrace/messaging';
import { Transactions } from '@millrace/persistence';
import { createTestDatabase, type TestDatabase } from '@millrace/testing';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { AnalyticsConsumer, OrderToCount } from './analytics.consumer.js';
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
    data: OrderToCount.read(order),
    context: ROOT_CONTEXT,
    traceId: '0af7651916cd43dd8448eb211c80319c',
    topic: OrderCreated.topic,
    partition: 0,
    offset: 0n,
  };
}

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase(stack.postgres, { schema: 'analytics', migrations });
});
afterAll(() => database.drop());

it('keeps every order of a batch by id and counts its total where it was sold', async () => {
  const events = OrderCreated.examples.map(received);
  const transactions = new Transactions(database.dataSource);
  await transactions.run((tx) =>
    new AnalyticsConsumer().count({ events }, new EventContext(tx, 'analytics')),
  );

  expect(await transactions.read('SELECT * FROM total ORDER BY region')).toEqual([
    { region: 'eu-west', currency: 'EUR', orders: '1', revenue_minor: '5970' },
    { region: 'us', currency: 'USD', orders: '1', revenue_minor: '2990' },
  ]);
  const facts = await transactions.read(
    'SELECT event_id, order_id, placed_at FROM order_fact ORDER BY order_id',
  );
  expect(facts).toEqual(
    events.map(({ id, data }) => ({
      event_id: id,
      order_id: data.orderId,
      placed_at: new Date(data.placedAt),
    })),
  );
});
