import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topology } from '@millrace/contracts';
import { eventually } from '@millrace/testing/runtime';
import type pg from 'pg';
import { differences, noDifference, stockContradictions } from '../support/conservation.js';
import { openPool } from '../support/database.js';
import { allReady, connectorStates, killAndAwait, ready } from '../support/fleet.js';
import { placeOrders } from '../support/orders.js';

const ROUNDS = 24;

/** Services twice as often as what lies below them. */
const victims = [
  ...topology.map(({ name }) => name),
  ...topology.map(({ name }) => name),
  'connect',
  'kafka',
  'postgres',
];

/** A small deterministic generator (mulberry32), so that a failing storm can be run again from its seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('a storm of crashes', () => {
  let pool: pg.Pool;

  beforeAll(async () => {
    await ready();
    pool = openPool(stack.postgres);
  });

  afterAll(() => pool?.end());

  it('of any process, infrastructure included, loses no committed order and repeats no effect', async () => {
    const seed = Date.now() % 2 ** 31;
    const next = random(seed);
    let storm = true;
    const load = placeOrders({
      url: () => stack.services['order'] ?? '',
      connections: 8,
      rate: 30,
      until: () => !storm,
    });
    try {
      for (let round = 0; round < ROUNDS; round += 1) {
        await killAndAwait(victims[Math.floor(next() * victims.length)] ?? 'order');
      }
    } finally {
      storm = false;
    }
    await load;

    await allReady(120_000);
    await eventually(async () => expect(await connectorStates()).toEqual(['RUNNING', 'RUNNING']), {
      withinMs: 120_000,
      everyMs: 500,
    });
    await eventually(
      async () => expect({ seed, found: await differences(pool) }).toEqual({ seed, found: noDifference() }),
      {
        withinMs: 120_000,
        everyMs: 500,
      },
    );
    expect(await stockContradictions(pool)).toEqual([]);
  }, 1_800_000);
});
