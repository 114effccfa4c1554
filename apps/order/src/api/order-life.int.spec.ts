import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Transactions } from '@millrace/persistence';
import type { Signal } from '../domain/order-checks.js';
import { feedback } from '../lifecycle/feedback.fixture.js';
import type { Feedback } from '../lifecycle/feedback.js';
import { OrderLifecycle } from '../lifecycle/order-lifecycle.js';
import { SettledOrders } from '../lifecycle/settled-orders.js';
import { OrderService } from './order-service.fixture.js';

const wish = {
  customerId: 'c-1',
  region: 'eu-west',
  currency: 'EUR',
  lines: [{ sku: 'TEE-M', quantity: 1, unitPriceMinor: 2_990 }],
};

let service: OrderService;

beforeAll(async () => {
  service = await OrderService.start(stack.postgres);
});
afterAll(() => service.stop());
afterEach(() => service.rows('TRUNCATE orders, order_line, order_feedback, outbox, idempotency_key'));

async function place(): Promise<string> {
  return String((await service.post(wish)).body['id']);
}

function hear(id: string, ...signals: Signal[]): Promise<void> {
  return hearAll(signals.map((signal) => feedback(id, signal)));
}

function hearAll(batch: readonly Feedback[]): Promise<void> {
  return service.app
    .get(Transactions)
    .run((tx) => service.app.get(OrderLifecycle).hearAll(batch, new Date(), tx));
}

describe('a cancellation', () => {
  it('ends a pending order with an event of its own, once however often it is asked for', async () => {
    const id = await place();
    const first = await service.cancel(id, { reason: 'mistake' });
    const second = await service.cancel(id.toUpperCase());
    expect(first).toMatchObject({ status: 200, body: { id, status: 'cancelled' } });
    expect(second).toMatchObject({ status: 200, body: first.body });
    const events = await service.rows(
      `SELECT topic, payload::jsonb ->> 'reason' AS reason, causation_id = id::text AS root FROM outbox
        WHERE topic <> 'order.created'`,
    );
    expect(events).toEqual([{ topic: 'order.cancelled', reason: 'mistake', root: true }]);
  });

  it('comes too late for an order that has ended, and says how', async () => {
    const id = await place();
    await hear(id, 'fraud-approved', 'stock-reserved');
    const answer = await service.cancel(id);
    expect(answer).toMatchObject({
      status: 409,
      body: { type: 'urn:millrace:problem:order-settled', detail: expect.stringContaining('confirmed') },
    });
    expect((await service.get(`/orders/${id}`)).body['status']).toBe('confirmed');
  });

  it('of an order that nobody placed is not found', async () => {
    expect((await service.cancel(randomUUID())).status).toBe(404);
  });

  it.each([
    ['an unknown field', { why: 'x' }],
    ['an empty reason', { reason: '' }],
    ['a reason that is too long', { reason: 'x'.repeat(201) }],
    ['a NUL character', { reason: 'a\u0000' }],
    ['a list', []],
  ])('with %s is refused and ends nothing', async (_what, body) => {
    const id = await place();
    expect((await service.cancel(id, body)).status).toBe(422);
    expect((await service.get(`/orders/${id}`)).body['status']).toBe('pending');
  });
});

describe('the timeline', () => {
  it('tells the transitions and every word that was heard, in their order', async () => {
    const id = await place();
    await hear(id, 'stock-reserved');
    await hear(id, 'fraud-declined', 'fraud-approved');
    const { status, body } = await service.get(`/orders/${id}/timeline`);
    expect(status).toBe(200);
    expect(body['items']).toMatchObject([
      { kind: 'transition', status: 'pending' },
      { kind: 'feedback', signal: 'stock-reserved', effect: 'counted' },
      { kind: 'feedback', signal: 'fraud-declined', effect: 'counted' },
      { kind: 'feedback', signal: 'fraud-approved', effect: 'late' },
      { kind: 'transition', status: 'rejected', because: 'fraud-declined' },
    ]);
  });

  it('of an order that nobody placed is not found, also when it was spoken of', async () => {
    const stranger = randomUUID();
    await hearAll([feedback(stranger, 'fraud-declined', new Date(0))]);
    expect((await service.get(`/orders/${stranger}/timeline`)).status).toBe(404);
  });
});

describe('waiting for an order to settle', () => {
  it('answers when the order has ended, to everybody who waits, with one question for all', async () => {
    const ids = await Promise.all([place(), place(), place()]);
    const asked = ids.flatMap((id) => [id, id, id]);
    const reads = countReads();
    const answers = asked.map((id) => service.get(`/orders/${id}?wait=settled&timeoutMs=20000`));
    await reads.until(3);
    await Promise.all(ids.map((id) => hear(id, 'fraud-declined')));
    const settled = await Promise.all(answers);
    reads.stop();
    expect(settled.map(({ body }) => body['status'])).toEqual(asked.map(() => 'rejected'));
    expect(reads.asked()[0]).toEqual([...new Set(asked)].toSorted());
  });

  it('answers at once when the order has ended before', async () => {
    const id = await place();
    await service.cancel(id);
    const { body } = await service.get(`/orders/${id}?wait=settled&timeoutMs=25000`);
    expect(body['status']).toBe('cancelled');
  });

  it('answers with what there is when the time is over', async () => {
    const id = await place();
    expect(await service.get(`/orders/${id}?wait=settled&timeoutMs=60`)).toMatchObject({
      status: 200,
      body: { status: 'pending' },
    });
  });

  it('ends with the service', async () => {
    const id = await place();
    const waiting = new SettledOrders(service.app.get(Transactions));
    const waited = waiting.wait(id, 60_000, new AbortController().signal);
    waiting.beforeApplicationShutdown();
    await expect(waited).resolves.toBeUndefined();
    await expect(waiting.wait(id, 60_000, new AbortController().signal)).resolves.toBeUndefined();
  });

  it('is refused for anything but settled', async () => {
    const id = await place();
    expect((await service.get(`/orders/${id}?wait=shipped`)).status).toBe(422);
    expect((await service.get(`/orders/${id}?wait=settled&timeoutMs=25001`)).status).toBe(422);
  });

  /** Counts the statements that ask for several orders at once; each with its ids, sorted. */
  function countReads() {
    const transactions = service.app.get(Transactions);
    const asked: string[][] = [];
    let noticed: () => void = () => undefined;
    const read = transactions.read.bind(transactions);
    transactions.read = (sql, parameters) => {
      const [ids] = parameters ?? [];
      if (Array.isArray(ids)) {
        asked.push((ids as string[]).toSorted());
        noticed();
      }
      return read(sql, parameters);
    };
    return {
      asked: () => asked.filter(({ length }) => length === 3),
      until: (count: number) =>
        new Promise<void>((resolve) => {
          noticed = () => {
            if (asked.some(({ length }) => length >= count)) resolve();
          };
          noticed();
        }),
      stop: () => {
        transactions.read = read;
      },
    };
  }
});
