import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@millrace/testing/runtime';
import type pg from 'pg';
import { differences, noDifference, stockContradictions } from '../support/conservation.js';
import { openPool } from '../support/database.js';
import { allReady, connectorStates, ready } from '../support/fleet.js';
import { placeOrders } from '../support/orders.js';

/** The outage itself, not a wait for a condition. */
const AWAY_MS = 10_000;

describe('a dependency away for ten seconds under load', () => {
  let pool: pg.Pool;

  beforeAll(async () => {
    await ready();
    pool = openPool(stack.postgres);
  });

  afterAll(() => pool?.end());

  it.each(['postgres', 'kafka'])(
    '%s: nothing is lost, nothing happens twice, nothing dies, and capture runs again without a hand',
    async (dependency) => {
      const before = stack.processes();
      const load = placeOrders({
        url: () => stack.services['order'] ?? '',
        until: (accepted) => accepted >= 300,
        connections: 8,
        rate: 30,
      });
      await stack.stop(dependency);
      await delay(AWAY_MS);
      await stack.start(dependency);
      await load;

      await allReady(90_000);
      await eventually(async () => expect(await connectorStates()).toEqual(['RUNNING', 'RUNNING']), {
        everyMs: 500,
      });
      await eventually(async () => expect(await differences(pool)).toEqual(noDifference()), { everyMs: 500 });
      expect(await stockContradictions(pool)).toEqual([]);
      const { [dependency]: _stopped, connect: _connect, ...untouched } = before;
      expect(stack.processes()).toMatchObject(untouched);
    },
  );
});
