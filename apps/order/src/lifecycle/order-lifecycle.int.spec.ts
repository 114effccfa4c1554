import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Transactions } from '@millrace/persistence';
import { permutations } from '@millrace/testing/runtime';
import { OrderService } from '../api/order-service.fixture.js';
import type { Signal } from '../domain/order-checks.js';
import { FEEDBACK_TRACE, feedback } from './feedback.fixture.js';
import type { Feedback } from './feedback.js';
import { OrderLifecycle } from './order-lifecycle.js';

const wish = {
  customerId: 'c-1',
  region: 'eu-west',
  currency: 'EUR',
  lines: [{ sku: 'TEE-M', quantity: 1, unitPriceMinor: 2_990 }],
};
const DAY_MS = 86_400_000;

let service: OrderService;
let lifecycle: OrderLifecycle;

beforeAll(async () => {
  service = await OrderService.start(stack.postgres);
  lifecycle = service.app.get(OrderLifecycle);
});
afterAll(() => service.stop());
afterEach(() => service.rows('TRUNCATE orders, order_line, order_feedback, outbox, idempotency_key'));

async function place(count: number): Promise<string[]> {
  const answers = await Promise.all(Array.from({ length: count }, () => service.post(wish)));
  return answers.map(({ body }) => String(body['id']));
}

function hear(batch: readonly Feedback[], now = new Date()): Promise<void> {
  return service.app.get(Transactions).run((tx) => lifecycle.hearAll(batch, now, tx));
}

interface Ended {
  readonly id: string;
  readonly status: string;
  readonly because: string | null;
  readonly told: string[];
  readonly sameEvent: boolean;
}

/** Every order with the topics of the events that told its end. */
function ended(): Promise<Ended[]> {
  return service.rows<Ended>(`
    SELECT o.id, o.status, o.settled_because AS because,
           array_agg(b.topic) FILTER (WHERE b.id IS NOT NULL) AS told,
           bool_and(b.id IS NULL OR b.id = o.settled_by) AS "sameEvent"
      FROM orders o LEFT JOIN outbox b ON b.aggregate_id = o.id::text AND b.topic <> 'order.created'
     GROUP BY o.id ORDER BY o.id`);
}

function effects(orderId: string): Promise<{ signal: string; effect: string }[]> {
  return service.rows(`SELECT signal, effect FROM order_feedback WHERE order_id = $1 ORDER BY position`, [
    orderId,
  ]);
}

function expectOneEndEach(orders: readonly Ended[]): void {
  for (const { status, told, sameEvent } of orders) {
    expect({ told, sameEvent }).toEqual({ told: [`order.${status}`], sameEvent: true });
  }
}

describe('a batch of feedback', () => {
  it('settles each order with an event that its last word caused', async () => {
    const [confirmed, declined, waiting] = (await place(3)) as [string, string, string];
    const last = feedback(confirmed, 'stock-reserved');
    await hear([
      feedback(confirmed, 'fraud-approved'),
      feedback(declined, 'fraud-declined'),
      feedback(waiting, 'stock-reserved'),
      last,
    ]);

    const states = new Map((await ended()).map((order) => [order.id, order]));
    expect(states.get(confirmed)).toMatchObject({ status: 'confirmed', told: ['order.confirmed'] });
    expect(states.get(declined)).toMatchObject({
      status: 'rejected',
      because: 'fraud-declined',
      told: ['order.rejected'],
    });
    expect(states.get(waiting)).toMatchObject({ status: 'pending', told: null });
    const [event] = await service.rows(
      `SELECT causation_id, split_part(traceparent, '-', 2) AS trace FROM outbox WHERE topic = 'order.confirmed'`,
    );
    expect(event).toEqual({ causation_id: last.event.id, trace: FEEDBACK_TRACE });
  });

  it('keeps every word with what it did', async () => {
    const [id] = (await place(1)) as [string];
    const signals: Signal[] = ['review-approved', 'fraud-in-review', 'fraud-declined', 'review-approved'];
    await hear(signals.map((signal) => feedback(id, signal)));
    await hear([feedback(id, 'stock-reserved'), feedback(id, 'stock-released')]);
    expect((await effects(id)).map(({ effect }) => effect)).toEqual([
      'counted',
      'overtaken',
      'contradicting',
      'repeated',
      'counted',
      'late',
    ]);
  });

  it('about an order that is not here is kept once it is old, and moves nothing', async () => {
    const stranger = randomUUID();
    const [id] = (await place(1)) as [string];
    const old = new Date(Date.now() - 660_000);
    await hear([feedback(stranger, 'fraud-declined', old), feedback(id, 'fraud-declined')]);
    expect(await effects(stranger)).toEqual([{ signal: 'fraud-declined', effect: 'unknown-order' }]);
    expectOneEndEach(await ended());
  });

  it('that comes while the commit of its order cannot be seen is refused, so that it comes again and counts', async () => {
    const [id] = (await place(1)) as [string];
    const words = [feedback(id, 'fraud-declined')];
    const [row] = await service.rows<{ placed: object }>(
      `WITH gone AS (DELETE FROM orders WHERE id = $1 RETURNING *) SELECT to_jsonb(gone) AS placed FROM gone`,
      [id],
    );
    await service.app.get(Transactions).run(async (tx) => {
      await tx.query(`INSERT INTO orders SELECT * FROM jsonb_populate_record(NULL::orders, $1)`, [
        row?.placed,
      ]);
      await expect(hear(words)).rejects.toMatchObject({ code: 'ORDER_UNSEEN' });
      expect(await effects(id)).toEqual([]);
    });
    await hear(words);
    expect(await effects(id)).toEqual([{ signal: 'fraud-declined', effect: 'counted' }]);
    expectOneEndEach(await ended());
  });

  it('leaves nothing when its transaction fails', async () => {
    const [id] = (await place(1)) as [string];
    const failing = service.app.get(Transactions).run(async (tx) => {
      await lifecycle.hearAll([feedback(id, 'fraud-declined')], new Date(), tx);
      throw new Error('forced');
    });
    await expect(failing).rejects.toThrow('forced');
    expect(await ended()).toMatchObject([{ status: 'pending', told: null }]);
    expect(await effects(id)).toEqual([]);
  });
});

describe('the deadline', () => {
  it('ends a silent order in its own trace, caused by its own beginning, and one in review a day later', async () => {
    const [silent, reviewed] = (await place(2)) as [string, string];
    const now = Date.now();
    await hear([feedback(silent, 'fraud-approved'), feedback(reviewed, 'fraud-in-review')], new Date(now));
    expect(await lifecycle.expireDue(new Date(now + 800_000), 10)).toBe(0);
    expect(await lifecycle.expireDue(new Date(now + 1_000_000), 10)).toBe(1);
    expect(await lifecycle.expireDue(new Date(now + DAY_MS - 1_000), 10)).toBe(0);
    expect(await lifecycle.expireDue(new Date(now + DAY_MS), 10)).toBe(1);
    const because = new Map((await ended()).map((order) => [order.id, order.because]));
    expect(because.get(silent)).toBe('missing: inventory');
    expect(because.get(reviewed)).toBe('missing: fraud, inventory');
    const rows = await service.rows(`
      SELECT e.causation_id = c.id::text AS caused,
             split_part(e.traceparent, '-', 2) = split_part(c.traceparent, '-', 2) AS traced
        FROM outbox e JOIN outbox c ON c.aggregate_id = e.aggregate_id AND c.topic = 'order.created'
       WHERE e.topic = 'order.expired'`);
    expect(rows).toEqual([
      { caused: true, traced: true },
      { caused: true, traced: true },
    ]);
  });

  it('is looked after by several processes that share the work', async () => {
    await place(60);
    const due = new Date(Date.now() + DAY_MS);
    const counts = await Promise.all(Array.from({ length: 8 }, () => lifecycle.expireDue(due, 20)));
    const rest = await lifecycle.expireDue(due, 100);
    expect(counts.reduce((sum, count) => sum + count, rest)).toBe(60);
    expectOneEndEach(await ended());
  });
});

describe('every interleaving on the database', () => {
  const late = () => new Date(Date.now() + 2 * DAY_MS);
  const steps = ['fraud-in-review', 'review-approved', 'stock-reserved', 'cancel', 'sweep'] as const;
  type Step = (typeof steps)[number];

  function step(id: string, what: Step): Promise<unknown> {
    if (what === 'cancel') return lifecycle.cancel(id);
    if (what === 'sweep') return lifecycle.expireDue(late(), 1);
    return hear([feedback(id, what)]);
  }

  it('of review, stock, cancel and deadline, one after the other, ends an order exactly once', async () => {
    for (const order of permutations(steps)) {
      const [id] = (await place(1)) as [string];
      for (const what of order) await step(id, what);
    }
    const orders = await ended();
    expect(orders).toHaveLength(120);
    expectOneEndEach(orders);
    expect(new Set(orders.map(({ status }) => status))).toEqual(
      new Set(['confirmed', 'cancelled', 'expired']),
    );
  });

  it('of all of them at once, in batches that meet each other, ends every order exactly once', async () => {
    const ids = await place(120);
    const signals: Signal[] = ['fraud-in-review', 'review-declined', 'stock-reserved', 'stock-released'];
    const batches = signals.flatMap((signal, index) =>
      [ids.slice(0, 80), ids.slice(40)].map((some) => {
        const turned = index % 2 ? some.toReversed() : some;
        return () => hear(turned.map((id) => feedback(id, signal)));
      }),
    );
    const cancels = ids.filter((_, index) => index % 3 === 0).map((id) => () => lifecycle.cancel(id));
    await Promise.all([...batches, ...cancels].map((work) => work()));
    await lifecycle.expireDue(late(), 500);

    const orders = await ended();
    expect(orders).toHaveLength(120);
    expectOneEndEach(orders);
  });
});
