import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@millrace/testing/runtime';
import type pg from 'pg';
import { differences, noDifference } from '../support/conservation.js';
import { openPool } from '../support/database.js';
import { allReady, ready } from '../support/fleet.js';
import { placeOrders } from '../support/orders.js';

/** Value of a counter summed over its labels, from a service's /metrics. */
async function counter(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const samples = text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  return samples.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

const DUPLICATES = 'millrace_inbox_duplicates_total';

describe('SIGTERM under load', () => {
  let pool: pg.Pool;

  beforeAll(async () => {
    await ready();
    pool = openPool(stack.postgres);
  });

  afterAll(async () => {
    await stack.start('inventory#2');
    await pool?.end();
  });

  it.each(['analytics', 'notification', 'fraud', 'feature-store'])(
    '%s, the only instance, is redelivered nothing after its restart',
    async (name) => {
      const load = placeOrders({
        url: () => stack.services['order'] ?? '',
        until: (accepted) => accepted >= 200,
        connections: 8,
        rate: 100,
      });
      await stack.stop(name);
      await stack.start(name);
      await load;
      await allReady();
      await eventually(async () => expect(await differences(pool)).toEqual(noDifference()));
      expect(await counter(stack.services[name] ?? '', DUPLICATES)).toBe(0);
    },
  );

  it('one of two inventories hands over without a duplicate', async () => {
    const [survivor, leaver] = stack.replicas['inventory'] ?? [];
    const before = await counter(survivor ?? '', DUPLICATES);
    expect(leaver).toBeDefined();
    const load = placeOrders({
      url: () => stack.services['order'] ?? '',
      until: (accepted) => accepted >= 400,
      connections: 8,
      rate: 100,
    });
    await stack.stop('inventory#2');
    await load;
    await eventually(async () => expect(await differences(pool)).toEqual(noDifference()));
    expect(await counter(survivor ?? '', DUPLICATES)).toBe(before);
  });
});
