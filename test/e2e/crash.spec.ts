import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topology } from '@millrace/contracts';
import { eventually } from '@millrace/testing/runtime';
import type pg from 'pg';
import { differences, noDifference, stockContradictions } from '../support/conservation.js';
import { openPool, rowsOf } from '../support/database.js';
import { allReady, connectorStates, killAndAwait, ready } from '../support/fleet.js';
import { placeOrders, type PlacedOrder } from '../support/orders.js';

const ORDERS = 500;

describe('every process killed once under load', () => {
  let pool: pg.Pool;

  beforeAll(async () => {
    await ready();
    pool = openPool(stack.postgres);
  });

  afterAll(() => pool?.end());

  it('leaves every committed order with exactly one effect in each service', async () => {
    let killed = false;
    const load = placeOrders({
      url: () => stack.services['order'] ?? '',
      until: (accepted) => killed && accepted >= ORDERS,
      connections: 8,
      rate: 40,
    });
    const services = topology.map(({ name }) => name);
    try {
      for (const name of [...services, 'inventory#2', 'connect']) await killAndAwait(name);
    } finally {
      killed = true;
    }
    const accepted = await load;
    await allReady();

    await eventually(async () => expect(await connectorStates()).toEqual(['RUNNING', 'RUNNING']), {
      everyMs: 500,
    });
    await eventually(async () => expect(await differences(pool)).toEqual(noDifference()), { everyMs: 500 });
    expect(accepted.length).toBeGreaterThanOrEqual(ORDERS);
    expect(await lost(accepted)).toEqual([]);
    expect(await stockContradictions(pool)).toEqual([]);
  });

  /** Accepted orders that the database does not hold. */
  function lost(accepted: readonly PlacedOrder[]): Promise<{ id: string }[]> {
    return rowsOf<{ id: string }>(
      pool,
      `SELECT id FROM unnest($1::uuid[]) AS accepted (id)
        WHERE NOT EXISTS (SELECT FROM "order".orders o WHERE o.id = accepted.id)`,
      [accepted.map(({ id }) => id)],
    );
  }
});
