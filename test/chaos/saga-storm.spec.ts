import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@millrace/testing/runtime';
import type pg from 'pg';
import { stockContradictions } from '../support/conservation.js';
import { openPool } from '../support/database.js';
import { eventTrail } from '../support/event-trail.js';
import { allReady, killAndAwait, putStock, ready } from '../support/fleet.js';
import { orderBody, placeOrders, post } from '../support/orders.js';
import { reconcile } from './support/inventory-crew.js';
import { contradictionIn, judgedOrders, type JudgedOrder } from './support/judged-orders.js';
import { newSeed, pick, random } from './support/random.js';
import { Reviewers } from './support/reviewers.js';

const ORDERS = 2_000;
const LEAST_KILLS = 10;
/** Units of the SKU that many more orders want. */
const FEW = 50;
const RUN = `storm-${randomUUID().slice(0, 8)}`;
const SKU = RUN.toUpperCase();

/** What kinds of orders come, in turn: most pass, and each of the others ends for a reason of its own. */
const KINDS = ['plain', 'review', 'plain', 'cancelled', 'scarce', 'plain', 'declined', 'plain', 'too-large'];

function bodyOf(index: number): Record<string, unknown> {
  const kind = KINDS[index % KINDS.length] ?? '';
  const price = { review: 100_000, declined: 1_000_000 }[kind] ?? 1_490;
  const scarce = { scarce: 1, 'too-large': FEW + 1 }[kind];
  const line = scarce
    ? { sku: SKU, quantity: scarce, unitPriceMinor: 100 }
    : { sku: 'MUG-BLUE', quantity: 1, unitPriceMinor: price };
  const beside = { sku: 'TEE-M', quantity: 2, unitPriceMinor: 100 };
  return orderBody({
    customerId: `${RUN}-${kind}-${index}`,
    lines: index % 2 ? [line, beside] : [beside, line],
  });
}

describe('2,000 orders over HTTP', () => {
  const seed = newSeed();
  const reviewers = new Reviewers(() => stack.services['fraud'] ?? '');
  /** Answers to those who cancel, by order. */
  const cancelled = new Map<string, number>();
  const inReview = new Set<string>();
  let pool: pg.Pool;

  beforeAll(async () => {
    await ready();
    await putStock(SKU, FEW);
    pool = openPool(stack.postgres);
  });

  afterAll(() => pool?.end());

  it('are settled alike by order, fraud and inventory, which are killed meanwhile', async () => {
    const done = new AbortController();
    const reviewing = reviewers.work(inReview, done.signal);
    await placeWhileKilling();
    await allReady(120_000);
    await settled();
    done.abort();
    await reviewing;

    expect(await stockContradictions(pool)).toEqual([]);
    expect(await reconcile()).toEqual({ code: 0, output: 'Stock, ledger and reservations agree.\n' });
    const judged = await judgedOrders(pool, RUN);
    expect(judged.length).toBeGreaterThanOrEqual(ORDERS);
    expectKinds(judged);
    expectFollowed(judged);
  });

  /** Places orders until there are enough, and kills fraud and inventory, each again as soon as it is back. */
  async function placeWhileKilling(): Promise<void> {
    let [index, kills, placing] = [0, 0, true];
    const load = placeOrders({
      url: () => stack.services['order'] ?? '',
      connections: 8,
      rate: 25,
      until: (accepted) => accepted >= ORDERS && kills >= LEAST_KILLS,
      body: () => bodyOf((index += 1)),
      accepted: ({ id }, { customerId }) => {
        const kind = String(customerId).slice(RUN.length + 1);
        if (kind.startsWith('review')) inReview.add(id);
        return kind.startsWith('cancelled') ? cancel(id) : undefined;
      },
    }).finally(() => (placing = false));
    const next = random(seed);
    const kill = async (victims: readonly string[]) => {
      while (placing) {
        await killAndAwait(pick(next, victims));
        kills += 1;
      }
    };
    const inventories = Object.keys(stack.processes()).filter((name) => /^inventory(#\d+)?$/.test(name));
    await Promise.all([load, kill(['fraud']), kill(inventories)]);
  }

  async function cancel(id: string): Promise<void> {
    const { status } = await post(`${stack.services['order']}/orders/${id}/cancel`, {});
    cancelled.set(id, status);
  }

  /** Waits until no order contradicts itself across the services. */
  async function settled(): Promise<void> {
    await eventually(
      async () => {
        const odd = (await judgedOrders(pool, RUN)).flatMap((order) => {
          const why = contradictionIn(order);
          return why === undefined ? [] : [{ why, ...order }];
        });
        const shown = odd.slice(0, 3);
        const trail = await eventTrail(
          pool,
          shown.map(({ id }) => id),
        );
        expect({ seed, orders: odd.length, shown, trail }).toEqual({ seed, orders: 0, shown: [], trail: [] });
      },
      { withinMs: 180_000, everyMs: 1_000 },
    );
  }

  /** Every kind ended as it must. */
  function expectKinds(judged: readonly JudgedOrder[]): void {
    const ends = Map.groupBy(judged, ({ customerId }) => customerId.split('-')[2]);
    const endsOf = (kind: string) => new Set(ends.get(kind)?.map(({ status }) => status));
    expect(endsOf('plain')).toEqual(new Set(['confirmed']));
    expect(endsOf('declined')).toEqual(new Set(['rejected']));
    expect(endsOf('too')).toEqual(new Set(['rejected']));
    expect(ends.get('scarce')?.filter(({ status }) => status === 'confirmed')).toHaveLength(FEW);
    const answered = judged.filter(({ id }) => cancelled.get(id) === 200);
    expect(answered.length).toBeGreaterThan(0);
    expect(new Set(answered.map(({ status }) => status))).toEqual(new Set(['cancelled']));
  }

  /** Of two who decided about an order at once one won, and the order went as that one said. */
  function expectFollowed(judged: readonly JudgedOrder[]): void {
    const orders = new Map(judged.map((order) => [order.id, order]));
    const heard = reviewers.disputes.filter(({ answers }) => answers.every((status) => status !== undefined));
    const won = heard.filter(({ answers }) => answers.includes(200));
    expect(won.length).toBeGreaterThan(ORDERS / KINDS.length / 2);
    expect(won.filter(({ answers }) => answers.join() !== '200,409')).toEqual([]);
    const followed = { approved: 'confirmed', declined: 'rejected' };
    const astray = won.filter(({ orderId, state }) => {
      const order = orders.get(orderId);
      return order?.review !== state || order?.status !== followed[state as keyof typeof followed];
    });
    expect(astray).toEqual([]);
    expect(new Set(won.map(({ state }) => state))).toEqual(new Set(['approved', 'declined']));
  }
});
