import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EventContext } from '@millrace/messaging';
import { Outbox } from '@millrace/outbox';
import { FraudBench, order, TRACE, type Order } from '../fraud-bench.fixture.js';
import { FraudConsumer } from '../fraud.consumer.js';
import type { Verdict } from './review.store.js';

let bench: FraudBench;
beforeAll(async () => {
  bench = await FraudBench.create(stack.postgres);
});
afterAll(() => bench.database.drop());
beforeEach(() => bench.clear());

const doubtful = () => order(`c-${randomUUID()}`, { totalMinor: 100_000 });
const idOf = ({ data }: Order) => data.orderId;
const says = (outcome: Verdict['outcome'], reviewer = 'mara'): Verdict => ({
  outcome,
  reviewer,
  reason: 'called',
});

/** Lets the consumer hear that orders have ended. */
async function end(how: 'cancelled' | 'expired' | 'rejected', ...orders: readonly Order[]): Promise<void> {
  const consumer = new FraudConsumer(bench.assessments, bench.reviews, new Outbox());
  const events = orders.map((one) => ({ ...one, id: randomUUID(), type: `order.${how}` }));
  await bench.transactions.run((tx) => consumer[how]({ events }, new EventContext(tx, 'fraud')));
}

interface Told {
  readonly orderId: string;
  readonly causedByDecision: boolean;
  readonly trace: string;
  readonly payload: string;
}

function told(): Promise<Told[]> {
  return bench.rows<Told>(`
    SELECT r.aggregate_id AS "orderId", r.causation_id = a.id::text AS "causedByDecision",
           split_part(r.traceparent, '-', 2) AS trace, r.payload
      FROM outbox r JOIN outbox a ON a.aggregate_id = r.aggregate_id AND a.topic = 'fraud.assessed'
     WHERE r.topic = 'fraud.reviewed' ORDER BY r.id`);
}

describe('a review', () => {
  it('is opened for every order that the rules leave to a person, and for no other', async () => {
    const [first, second] = [doubtful(), doubtful()];
    await bench.handle([first, order('c-1'), second]);
    await bench.handle([{ ...first, id: randomUUID() }]);
    const { items } = await bench.reviews.page('open', 10);
    expect(items.map(({ orderId }) => orderId).toSorted()).toEqual([idOf(first), idOf(second)].toSorted());
    expect(items[0]).toMatchObject({
      state: 'open',
      score: 300,
      traceId: TRACE,
      hits: [{ rule: 'amount.high' }],
    });
  });

  it('stays as it was opened when another event of its order comes, in the same batch or later', async () => {
    const asked = doubtful();
    const again = () => ({ ...asked, id: randomUUID() });
    await bench.handle([asked, again()]);
    const opened = await bench.reviews.find(idOf(asked));
    await bench.handle([again()]);
    expect(await bench.reviews.find(idOf(asked))).toEqual(opened);
  });

  it('ends with a word that is told once, in the order’s own trace, caused by its decision', async () => {
    const [good, bad] = [doubtful(), doubtful()];
    await bench.handle([good, bad]);
    const at = new Date('2026-03-01T13:00:00.000Z');
    expect(await bench.reviews.decide(idOf(good), says('approve'), at)).toMatchObject({
      won: true,
      review: { state: 'approved', reviewer: 'mara', reason: 'called', endedAt: at },
    });
    await bench.reviews.decide(idOf(bad), says('decline'), at);

    const events = await told();
    const common = { causedByDecision: true, trace: TRACE };
    expect(events).toMatchObject([
      { orderId: idOf(good), ...common },
      { orderId: idOf(bad), ...common },
    ]);
    expect(events.map(({ payload }) => JSON.parse(payload) as object)).toMatchObject([
      { outcome: 'approve', reviewer: 'mara', reason: 'called', reviewedAt: at.toISOString() },
      { outcome: 'decline' },
    ]);
    expect((await bench.reviews.page('open', 10)).items).toEqual([]);
  });

  it('goes to one of many who decide at once, and its event is there once', async () => {
    const asked = doubtful();
    await bench.handle([asked]);
    const rulings = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        bench.reviews.decide(idOf(asked), says(index % 2 ? 'approve' : 'decline', `reviewer-${index}`)),
      ),
    );
    const winners = rulings.filter(({ won }) => won);
    expect(winners).toHaveLength(1);
    const winner = winners[0]?.review?.reviewer;
    expect(new Set(rulings.map(({ review }) => review?.reviewer))).toEqual(new Set([winner]));
    const [event, ...more] = await told();
    expect(more).toEqual([]);
    expect(JSON.parse(event?.payload ?? '')).toMatchObject({ reviewer: winner });
  });

  it('stays open, and nothing is told, when its transaction fails', async () => {
    const asked = doubtful();
    await bench.handle([asked]);
    await bench.rows(
      `ALTER TABLE outbox ADD CONSTRAINT full_disk CHECK (topic <> 'fraud.reviewed') NOT VALID`,
    );
    try {
      await expect(bench.reviews.decide(idOf(asked), says('approve'))).rejects.toThrow('full_disk');
    } finally {
      await bench.rows('ALTER TABLE outbox DROP CONSTRAINT full_disk');
    }
    expect(await bench.reviews.find(idOf(asked))).toMatchObject({ state: 'open', reviewer: null });
    expect(await told()).toEqual([]);
  });

  it('is of no order that fraud approved', async () => {
    const plain = order('c-1');
    await bench.handle([plain]);
    expect(await bench.reviews.decide(idOf(plain), says('approve'))).toEqual({
      won: false,
      review: undefined,
    });
  });
});

describe('the end of an order', () => {
  it.each(['cancelled', 'expired', 'rejected'] as const)('closes its review: %s', async (how) => {
    const [ended, waiting] = [doubtful(), doubtful()];
    await bench.handle([ended, waiting]);
    await end(how, ended, ended);
    expect(await bench.reviews.decide(idOf(ended), says('approve'))).toMatchObject({
      won: false,
      review: { state: 'closed', reason: expect.stringContaining(how) },
    });
    expect((await bench.reviews.page('open', 10)).items.map(({ orderId }) => orderId)).toEqual([
      idOf(waiting),
    ]);
    expect(await told()).toEqual([]);
  });

  it('that comes before its beginning leaves no review to be opened', async () => {
    const asked = doubtful();
    await end('cancelled', asked);
    expect(await bench.reviews.find(idOf(asked))).toBeUndefined();
    await bench.handle([asked]);
    expect(await bench.reviews.find(idOf(asked))).toMatchObject({ state: 'closed', traceId: TRACE });
  });

  it('changes no word that was spoken, and leaves no row for an order that nobody had to look at', async () => {
    const [declined, plain] = [doubtful(), order('c-1')];
    await bench.handle([declined, plain]);
    await bench.reviews.decide(idOf(declined), says('decline'));
    await end('rejected', declined, plain);
    expect(await bench.reviews.find(idOf(declined))).toMatchObject({ state: 'declined', reviewer: 'mara' });
    expect(await bench.rows('SELECT FROM review')).toHaveLength(1);
  });
});
