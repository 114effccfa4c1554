import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventContext, type ReceivedEvent } from '@millrace/messaging';
import { Transactions } from '@millrace/persistence';
import { createTestDatabase, testApplication, type TestDatabase } from '@millrace/testing';
import { eventually } from '@millrace/testing/runtime';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import type { OrderToConfirm } from '../domain/order-confirmation.js';
import { migrations } from '../migrations/index.js';
import { NotificationConsumer } from '../notification.consumer.js';
import { NotificationModule } from '../notification.module.js';
import { TestSmtpServer } from '../sending/smtp-server.fixture.js';

function placed(data: Partial<OrderToConfirm> = {}): ReceivedEvent<OrderToConfirm> {
  const id = randomUUID();
  return {
    id,
    type: 'order.created',
    source: '/millrace/order',
    occurredAt: new Date(),
    causationId: id,
    key: null,
    context: ROOT_CONTEXT,
    traceId: '0'.repeat(32),
    topic: 'order.created',
    partition: 0,
    offset: 0n,
    data: {
      orderId: randomUUID(),
      customerId: 'c-1001',
      currency: 'EUR',
      totalMinor: 2_990,
      lines: [{ sku: 'TEE-M', quantity: 1, unitPriceMinor: 2_990 }],
      ...data,
    },
  };
}

describe('an order and its notification', () => {
  let database: TestDatabase;
  let app: Awaited<ReturnType<typeof testApplication>>;
  const server = new TestSmtpServer();
  const get = (query: string) => app.inject({ method: 'GET', url: `/notifications${query}` });
  const consume = (events: ReceivedEvent<OrderToConfirm>[]) =>
    app
      .get(Transactions)
      .run((tx) => app.get(NotificationConsumer).confirm({ events }, new EventContext(tx, 'notification')));

  beforeAll(async () => {
    await server.start();
    process.env['SMTP_URL'] = server.url;
    database = await createTestDatabase(stack.postgres, { schema: 'notification', migrations });
    app = await testApplication('notification', NotificationModule, { databaseUrl: database.url });
  });
  afterAll(async () => {
    await app.close();
    await server.stop();
    await database.drop();
    delete process.env['SMTP_URL'];
  });

  it('ends in one mail and one row that says sent, however often the event comes', async () => {
    const event = placed({ customer: { email: 'ada@shop.example', locale: 'de' } });
    const again = { ...event, offset: 1n };
    await consume([event, again]);
    const { orderId } = event.data;
    const items = await eventually(async () => {
      const found = (await get(`?orderId=${orderId}`)).json().items;
      expect(found).toMatchObject([{ state: 'sent' }]);
      return found;
    });
    await consume([again]);

    expect(items).toEqual([
      {
        id: expect.any(String),
        orderId,
        workflow: 'order-confirmation',
        channel: 'mail',
        recipient: 'ada@shop.example',
        state: 'sent',
        attempts: 1,
        createdAt: expect.any(String),
        sentAt: expect.any(String),
      },
    ]);
    const mails = server.taken.filter(({ to }) => to.includes('ada@shop.example'));
    expect(mails).toHaveLength(1);
    expect(mails[0]?.messageId).toBe(`<${items[0].id}@millrace>`);
    expect(mails[0]?.raw).toContain(`Wir haben Ihre Bestellung ${orderId}`);
  });

  it('writes down an order without a usable address as failed, and sends nothing', async () => {
    const event = placed({ customer: { email: 'ada@a.example, eve@b.example' } });
    await consume([event]);
    const { items } = (await get(`?orderId=${event.data.orderId}`)).json();
    expect(items).toMatchObject([{ state: 'failed', attempts: 0, sentAt: null }]);
  });

  it('lists nothing for an order that it does not know', async () => {
    expect((await get(`?orderId=${randomUUID()}`)).json()).toEqual({ items: [] });
  });

  it.each(['', '?orderId=1', '?orderId=01993f6e-8f2b-7c11-9a54-3d2f0c9a7b10&state=sent'])(
    'refuses %j with a problem',
    async (query) => {
      const response = await get(query);
      expect(response.statusCode).toBe(422);
      expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    },
  );
});
