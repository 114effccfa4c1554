import { appRole } from '@millrace/contracts';
import { SERVICE_NODE_OPTIONS } from '@millrace/stack';
import { BenchError } from '../harness/bench.error.js';
import type { BenchStack } from '../harness/bench-stack.js';
import type { Benchmark, BenchOutcome } from '../harness/benchmark.js';
import { interleaved, rowOf } from '../harness/comparison.js';
import { runContestant } from '../harness/contestant.js';
import { BenchDatabase } from '../watch/bench-database.js';
import { clearOrders, ordersAround, placeOrders, rowByRowMs } from './busy-customers.js';
import type { VelocityMeasure, VelocityTask } from './velocity-task.js';

const PROGRAM = {
  program: new URL('./velocity.main.ts', import.meta.url),
  nodeOptions: SERVICE_NODE_OPTIONS,
};
const CUSTOMERS = { busy: 100_000, quiet: 1_000 } as const;
const [WARM_UP, DECISIONS] = [200, 500];
/** A decision after 100,000 orders may cost that many times one after 1,000. */
const AT_MOST = 2;

type Customer = keyof typeof CUSTOMERS;

/** What a decision costs when a customer has placed many orders. */
export const velocity: Benchmark = {
  name: 'velocity',
  question: 'What does a decision cost after 100,000 orders of its customer, compared with 1,000?',
  capture: false,
  async run(stack, { pairs, say }) {
    const database = await BenchDatabase.connect(stack.local.postgres);
    try {
      const rowByRow: number[] = [];
      const side = (customer: Customer) => () => measured(stack, database, customer);
      const measures = await interleaved(
        pairs,
        { busy: side('busy'), quiet: side('quiet') },
        (round, customer, { medianMs, rowByRowMs: scan }) => {
          if (customer === 'busy') rowByRow.push(scan);
          say(`pair ${round}, ${CUSTOMERS[customer].toLocaleString('en')} orders: ${medianMs.toFixed(2)} ms`);
        },
      );
      return outcome(measures, rowByRow);
    } finally {
      await clearOrders(database);
      await database.close();
    }
  },
};

type Measured = VelocityMeasure & { readonly rowByRowMs: number };

/** Every side begins with its own orders alone, so that neither tables nor indexes remember the other one. */
async function measured(stack: BenchStack, database: BenchDatabase, customer: Customer): Promise<Measured> {
  await clearOrders(database);
  await placeOrders(database, customer, CUSTOMERS[customer]);
  await database.rows('VACUUM ANALYZE fraud.activity, fraud.activity_minute, fraud.assessment');
  await database.rows('CHECKPOINT');
  const scan = await rowByRowMs(database, customer);
  const measure = await runContestant<VelocityTask, VelocityMeasure>(PROGRAM, {
    database: stack.local.urlFor(appRole('fraud')),
    ...{ customerId: customer, warmUp: WARM_UP, decisions: DECISIONS },
  });
  const expected = await ordersAround(database, customer, measure.lastPlacedAt);
  if (measure.counted !== expected) {
    throw new BenchError(
      'INCORRECT',
      `the last decision was to count ${expected} orders and counted ${measure.counted}: mend this before its speed counts`,
    );
  }
  return { ...measure, rowByRowMs: scan };
}

function outcome(
  { busy, quiet }: Readonly<Record<Customer, readonly Measured[]>>,
  rowByRow: readonly number[],
): BenchOutcome {
  const cost = { unit: 'ms', better: 'lower' } as const;
  const decision = { ...cost, what: 'a decision after 100,000 orders' };
  const ours = busy.map(({ medianMs }) => medianMs);
  return {
    rows: [
      rowOf(
        { ...decision, peerName: 'after 1,000 orders', target: AT_MOST },
        ours,
        quiet.map(({ medianMs }) => medianMs),
      ),
      rowOf({ ...decision, peerName: 'only counting, row by row' }, ours, rowByRow),
    ],
    notes: [
      'a decision is one transaction: locks, one statement that records and measures, one that stores the decision, commit; the inbox and outbox rows of the runtime, alike for both, are left out',
      `${DECISIONS} decisions in a row after ${WARM_UP} to warm up, in a process of their own; the median counts, and the last decision had counted exactly what a row-by-row count finds`,
      'the orders lie evenly in the 65 minutes before, so that the window, an hour on both sides, ends in the midst of a minute of them',
    ],
  };
}
