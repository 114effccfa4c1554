import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@millrace/testing/runtime';
import type pg from 'pg';
import { count, openPool, rowsOf } from '../support/database.js';
import { FraudProgram } from '../support/fraud-program.js';
import { orderBody, placeOrder } from '../support/orders.js';

const [CUSTOMERS, ORDERS, LIMIT] = [100, 50, 10];
const CALLERS = 24;
const RUN = `velocity-${randomUUID().slice(0, 8)}`;

const DECIDED = `
  SELECT o.customer_id AS customer, array_agg(a.outcome ORDER BY a.decision) AS outcomes
    FROM fraud.assessment a JOIN "order".orders o ON o.id = a.order_id
   WHERE o.customer_id LIKE $1 GROUP BY 1`;

let pool: pg.Pool;
const programs: FraudProgram[] = [];

beforeAll(async () => {
  await stack.startServices(['order', 'fraud']);
  pool = openPool(stack.postgres);
});

afterAll(async () => {
  await Promise.all(programs.map((program) => program.end('SIGTERM')));
  await pool?.end();
});

/** Places every customer's orders, all customers in turn, so that each lies on many partitions. */
async function placeAll(onOrder: (placed: number) => void): Promise<void> {
  const customers = Array.from({ length: CUSTOMERS * ORDERS }, (_, index) => `${RUN}-${index % CUSTOMERS}`);
  let placed = 0;
  const caller = async () => {
    for (let customerId = customers.pop(); customerId; customerId = customers.pop()) {
      await placeOrder(stack.services['order'] ?? '', orderBody({ customerId, customer: {} }));
      onOrder((placed += 1));
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
}

describe('velocity over several fraud processes', () => {
  it('lets exactly the first ten of each customer’s fifty orders pass, in the order of the decisions', async () => {
    for (let more = 0; more < 3; more += 1) programs.push(await FraudProgram.start());
    await Promise.all(programs.map((program) => program.ready()));
    let killed: Promise<void> | undefined;
    await placeAll((placed) => {
      // Its partitions go to the others in the middle of everything.
      if (placed === (CUSTOMERS * ORDERS) / 2) killed = programs[0]?.end('SIGKILL');
    });
    await killed;

    await eventually(
      async () => {
        const decided = await count(
          pool,
          `SELECT count(*) AS n FROM fraud.assessment a JOIN "order".orders o ON o.id = a.order_id
            WHERE o.customer_id LIKE $1`,
          [`${RUN}-%`],
        );
        expect(decided).toBe(CUSTOMERS * ORDERS);
      },
      { withinMs: 120_000, everyMs: 250 },
    );
    const decided = await rowsOf<{ customer: string; outcomes: string[] }>(pool, DECIDED, [`${RUN}-%`]);
    const first = Array.from({ length: ORDERS }, (_, index) => (index < LIMIT ? 'approve' : 'decline'));
    expect(decided).toHaveLength(CUSTOMERS);
    expect(decided.filter(({ outcomes }) => outcomes.join() !== first.join())).toEqual([]);
    await expectSpread();
  });

  it('decides as the log tells it again: the live rules, tried on the history, differ in no order', async () => {
    const orders = new Set(
      (
        await rowsOf<{ id: string }>(pool, `SELECT id FROM "order".orders WHERE customer_id LIKE $1`, [
          `${RUN}-%`,
        ])
      ).map(({ id }) => id),
    );
    const lines = await backtested(await liveRules());
    const differing = lines.filter(({ orderId }) => orderId !== undefined && orders.has(orderId));
    expect(orders.size).toBe(CUSTOMERS * ORDERS);
    expect(differing).toEqual([]);
    expect(lines.at(-1)?.orders).toBeGreaterThanOrEqual(CUSTOMERS * ORDERS);
  });
});

interface BacktestLine {
  readonly orderId?: string;
  readonly orders?: number;
}

/** The rule set in force, as a rule file states it. */
async function liveRules(): Promise<object> {
  const url = stack.services['fraud'];
  const { live } = (await (await fetch(`${url}/rulesets`)).json()) as { live: { hash: string } };
  const { spec } = (await (await fetch(`${url}/rulesets/${live.hash}`)).json()) as { spec: object };
  return spec;
}

/** What the built command finds with that rule set, as the role of the service. */
async function backtested(rules: object): Promise<BacktestLine[]> {
  const folder = await mkdtemp(join(tmpdir(), 'rules-'));
  try {
    const file = join(folder, 'rules.json');
    await writeFile(file, JSON.stringify(rules));
    const program = join(import.meta.dirname, '../../apps/fraud/dist/backtest.js');
    const { stdout } = await promisify(execFile)(process.execPath, [program, '--rules', file], {
      env: { ...process.env, ...stack.environmentOf('fraud') },
      maxBuffer: 2 ** 28,
    });
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as BacktestLine);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The test proves nothing unless the orders of a customer lay on several partitions and in several transactions. */
async function expectSpread(): Promise<void> {
  const batches = await rowsOf<{ transactions: number }>(
    pool,
    `SELECT count(DISTINCT a.xmin::text)::integer AS transactions
       FROM fraud.assessment a JOIN "order".orders o ON o.id = a.order_id
      WHERE o.customer_id LIKE $1 GROUP BY o.customer_id ORDER BY 1 LIMIT 1`,
    [`${RUN}-%`],
  );
  expect(batches[0]?.transactions).toBeGreaterThan(5);
}
