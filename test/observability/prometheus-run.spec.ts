import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { consumersOf, topology } from '@millrace/contracts';
import {
  alertGroups,
  dashboards,
  parsePromql,
  partsOfKind,
  queriesOf,
  scrapeJobs,
} from '@millrace/observability';
import { eventually } from '@millrace/testing/runtime';
import type pg from 'pg';
import { differences, noDifference } from '../support/conservation.js';
import { openPool } from '../support/database.js';
import { putStock } from '../support/fleet.js';
import { placeOrders } from '../support/orders.js';
import { query, valuesBy } from './prometheus/prometheus-api.js';
import { PrometheusServer } from './prometheus/prometheus-server.js';
import { balanceByCounters, balanceByRows } from './prometheus/raw-counters.js';
import { startObservedStack, type ObservedStack } from './support/observed-stack.js';
import { poisonOrders } from './support/poison.js';

const RULES = join(import.meta.dirname, '..', '..', 'deploy', 'observability', 'rules', '*.yml');
const ORDERS = 1_000;
const STOCK = 1_000_000;
/** A scrape, and the rules after it, take seconds. */
const LOOKS = { everyMs: 500 };
const groups = consumersOf(topology, 'order.created').map(({ name }) => name);
const alerts = alertGroups.flatMap((group) => group.alerts);
const queries = dashboards.flatMap(queriesOf);

/** Every selector that alerts and recordings ask with: a wrong value of a label would make them silent for ever. */
const selectors = new Set(
  alertGroups
    .flatMap(({ alerts: ofGroup, recordings }) => [...ofGroup, ...recordings])
    .flatMap(({ expr }) => partsOfKind(parsePromql(expr), 'VectorSelector').map(({ text }) => text)),
);

/** What a fleet that is well has no series of, and why. */
const ABSENT_WHEN_WELL: readonly (readonly [selector: RegExp, because: string])[] = [
  [/^millrace_consumer_retention_left_seconds/, 'without lag nothing is about to be deleted'],
  [/^millrace_partitions_overdue/, 'every old partition was dropped'],
  [/http_response_status_code=~"5/, 'no request has failed'],
];

let own: ObservedStack;
let prometheus: PrometheusServer;
let pool: pg.Pool;

beforeAll(async () => {
  // Stock is compared every ten minutes by default.
  own = await startObservedStack({
    environment: { INVENTORY_RECONCILE_EVERY_MS: '2000', OTEL_TRACES_EXPORTER: 'none' },
  });
  const { stack, directory } = own;
  pool = openPool(stack.postgres);
  prometheus = await PrometheusServer.start({ rules: RULES, targets: join(directory, 'targets.json') });
  await eventually(assertAllUp, { everyMs: 500 });
  await putStock('MUG-BLUE', STOCK, stack.services['inventory'] ?? '');
  await takeOrders(stack.services['order'] ?? '');
});

afterAll(async () => {
  await prometheus?.close();
  await pool?.end();
  await own?.close();
});

describe('a Prometheus beside a fleet that has taken a thousand orders', () => {
  it('counts for every group as many effects as orders, as its tables do', async () => {
    const balance = Object.fromEntries(
      groups.map((group) => [group, { in: ORDERS, effects: ORDERS, dead: 0 }]),
    );
    expect(await balanceByRows(pool, groups)).toEqual(balance);
    await eventually(
      async () => expect(await balanceByCounters(prometheus.url, groups)).toEqual(balance),
      LOOKS,
    );
  });

  it.each([...selectors].filter((selector) => !ABSENT_WHEN_WELL.some(([absent]) => absent.test(selector))))(
    'has series for what rules ask for: %s',
    async (selector) => {
      await eventually(async () => expect(await query(prometheus.url, selector)).not.toEqual([]), LOOKS);
    },
  );

  it.each(alerts.map(({ name, expr }) => [name, expr] as const))('finds nothing for %s', async (_, expr) => {
    await eventually(async () => expect(await query(prometheus.url, expr)).toEqual([]), LOOKS);
  });

  it('has fired no alert', async () => {
    expect(await query(prometheus.url, 'count_over_time(ALERTS{alertstate="firing"}[1h])')).toEqual([]);
  });
});

describe('when a record of order.created breaks its contract', () => {
  beforeAll(() => poisonOrders(own.stack.kafka));

  it('counts it as dead in every group: what came in is what took effect and what died', async () => {
    const balance = Object.fromEntries(
      groups.map((group) => [group, { in: ORDERS, effects: ORDERS, dead: 1 }]),
    );
    await eventually(async () => expect(await balanceByRows(pool, groups)).toEqual(balance), LOOKS);
    await eventually(
      async () => expect(await balanceByCounters(prometheus.url, groups)).toEqual(balance),
      LOOKS,
    );
  });

  it.each(['DeadLetterNewErrorClass', 'ContractViolations'])(
    'fires %s for every group',
    async (alertname) => {
      const firing = `group by (group) (ALERTS{alertname="${alertname}", alertstate="firing"})`;
      await eventually(async () => {
        const fired = Object.keys(await valuesBy(prometheus.url, 'group', firing));
        expect(fired.toSorted()).toEqual(groups.toSorted());
      }, LOOKS);
    },
  );

  it.each(queries.map(({ dashboard, panel, expr }) => [dashboard, panel, expr] as const))(
    'has data for %s, %s: %s',
    async (_, __, expr) => {
      await eventually(async () => {
        const values = (await query(prometheus.url, expr)).map(({ value }) => value);
        expect(values.filter((value) => !Number.isNaN(value))).not.toEqual([]);
      }, LOOKS);
    },
  );
});

/** Every job is there, and all of its processes answer. */
async function assertAllUp(): Promise<void> {
  const up = await valuesBy(prometheus.url, 'job', 'min by (job) (up) == 1');
  expect(Object.keys(up).toSorted()).toEqual([...scrapeJobs].toSorted());
}

/** Places the orders, and waits until each has taken effect everywhere. */
async function takeOrders(orderUrl: string): Promise<void> {
  let begun = 0;
  const placed = await placeOrders({
    url: () => orderUrl,
    until: () => begun++ >= ORDERS,
    connections: 8,
    // Far below what two cores can take: what is late here is to be a fault, not a queue.
    rate: 20,
  });
  expect(placed).toHaveLength(ORDERS);
  await eventually(async () => expect(await differences(pool)).toEqual(noDifference()), LOOKS);
}
