import { describe, expect, it } from '@jest/globals';
import { permutations } from '@millrace/testing/runtime';
import fc from 'fast-check';
import { noChecks, type Signal } from './order-checks.js';
import { cancel, expire, receive, type Ending, type OrderLife } from './order-life.js';

const DEADLINE = 900_000;
const REVIEW = 86_400_000;

/** Something that happens to an order: a word of a check, a wish to cancel, or a look at its deadline. */
type Step = Signal | 'cancel' | 'sweep';

interface Lived {
  readonly life: OrderLife;
  readonly endings: readonly Ending[];
}

/** Lives through the steps, which happen that far apart; counts every end. */
function live(steps: readonly Step[], pauseMs = 1_000): Lived {
  let life: OrderLife = { status: 'pending', checks: noChecks, deadline: DEADLINE };
  const endings: Ending[] = [];
  const end = (ending: Ending | undefined) => {
    if (!ending) return;
    endings.push(ending);
    life = { ...life, status: ending.status };
  };
  steps.forEach((step, index) => {
    const now = (index + 1) * pauseMs;
    if (step === 'cancel') end(cancel(life).ending);
    else if (step === 'sweep') end(expire(life, now));
    else {
      const heard = receive(life, step, now, REVIEW);
      life = heard.life;
      end(heard.ending);
    }
  });
  return { life, endings };
}

/** What the checks of one order may say, in the order in which each service says it. */
const histories: readonly (readonly Signal[])[] = [
  ['fraud-approved', 'stock-reserved'],
  ['fraud-approved', 'stock-rejected'],
  ['fraud-declined', 'stock-reserved'],
  ['fraud-declined', 'stock-rejected'],
  ['fraud-in-review', 'review-approved', 'stock-reserved'],
  ['fraud-in-review', 'review-declined', 'stock-reserved'],
  ['fraud-approved', 'stock-reserved', 'stock-released'],
];

const signals: readonly Signal[] = [
  'fraud-approved',
  'fraud-declined',
  'fraud-in-review',
  'review-approved',
  'review-declined',
  'stock-reserved',
  'stock-rejected',
  'stock-released',
];

describe('the life of an order, in every interleaving', () => {
  it.each(histories)(
    'of %s, %s, a cancel, a deadline and every word twice, ends exactly once',
    (...history) => {
      // Past the deadline of a review too, so that the last look finds whatever still waits.
      const pauseMs = DEADLINE / 3;
      for (const steps of permutations<Step>([...history, 'cancel', 'sweep'])) {
        const { life, endings } = live([...steps, ...steps], pauseMs);
        expect(endings).toHaveLength(1);
        expect(life.status).toBe(endings[0]?.status);
      }
    },
  );

  it.each(histories.slice(0, 6))('of %s and %s alone does not depend on their order', (...history) => {
    const ends = new Set(permutations(history).map((steps) => live(steps).life.status));
    expect(ends.size).toBe(1);
  });

  it('is decided by what came first once it has ended', () => {
    const steps = fc.array(fc.constantFrom<Step>(...signals, 'cancel', 'sweep'), { maxLength: 30 });
    fc.assert(
      fc.property(steps, fc.constantFrom(1_000, DEADLINE, REVIEW), (all, pauseMs) => {
        const { endings, life } = live(all, pauseMs);
        expect(endings.length).toBe(life.status === 'pending' ? 0 : 1);
        const until = all.findIndex((_, index) => live(all.slice(0, index + 1), pauseMs).endings.length > 0);
        if (until < 0) return;
        expect(live(all.slice(0, until + 1), pauseMs).endings).toEqual(endings);
      }),
    );
  });

  it('ends whatever is heard, when the deadline of a review has passed', () => {
    const words = fc.array(fc.constantFrom(...signals), { maxLength: 12 });
    fc.assert(
      fc.property(words, (all) => {
        const { life } = live(all);
        const ending = expire(life, DEADLINE + REVIEW + 12_000);
        expect(life.status !== 'pending' || ending !== undefined).toBe(true);
      }),
    );
  });
});
