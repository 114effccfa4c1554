import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTelemetry, type Telemetry } from '@millrace/telemetry';
import { spawnProgram } from '@millrace/testing';
import { eventually, VirtualClock } from '@millrace/testing/runtime';
import { InventoryBench } from '../inventory-bench.fixture.js';
import { InventoryConfig } from '../inventory.config.js';
import { Reconciler } from './reconciler.js';

let bench: InventoryBench;

beforeAll(async () => {
  bench = await InventoryBench.open(stack.postgres);
});
afterAll(() => bench.close());
beforeEach(async () => {
  await bench.empty();
  await bench.count({ MUG: 10, TEE: 10 });
  await bench.hold(['MUG', 2], ['TEE', 1]);
  const shipped = await bench.hold(['MUG', 1]);
  await bench.end('confirmed', [shipped]);
  await bench.shipments.ship(shipped, new Date());
  await bench.stock.adjust('TEE', -1, 'broken', new Date());
});

const planted = [
  [
    'units on hand that no movement explains',
    `UPDATE stock SET on_hand = on_hand + 1 WHERE sku = 'MUG'`,
    { sku: 'MUG', onHand: 10, ledgerOnHand: 9 },
  ],
  [
    'reserved units that no order holds',
    `UPDATE stock SET reserved = reserved + 1 WHERE sku = 'TEE'`,
    { sku: 'TEE', reserved: 2, ledgerReserved: 1, held: 1 },
  ],
  [
    'an order that holds what is not reserved',
    `UPDATE reservation_line SET quantity = quantity + 1 WHERE sku = 'TEE'`,
    { sku: 'TEE', reserved: 1, ledgerReserved: 1, held: 2 },
  ],
  [
    'a movement that is lost',
    `DELETE FROM movement WHERE kind = 'shipped'`,
    { sku: 'MUG', onHand: 9, ledgerOnHand: 10, reserved: 2, ledgerReserved: 3 },
  ],
  [
    'movements of a SKU that nobody has',
    `INSERT INTO movement (sku, kind, on_hand_change, moved_at) VALUES ('GHOST', 'counted', 1, now())`,
    { sku: 'GHOST', onHand: null, ledgerOnHand: 1, held: 0 },
  ],
  ['a SKU that is lost', `DELETE FROM stock WHERE sku = 'TEE'`, { sku: 'TEE', onHand: null, held: 1 }],
] as const;

function command(): ReturnType<typeof spawnProgram> {
  const file = new URL('../reconcile.ts', import.meta.url);
  return spawnProgram(file, { PATH: '/usr/bin:/bin', DATABASE_URL: bench.database.url });
}

describe('reconciliation', () => {
  it.each(planted)('finds %s, and nothing else', async (_what, mistake, difference) => {
    expect(await bench.differences()).toEqual([]);
    await bench.rows(mistake);
    expect(await bench.differences()).toEqual([expect.objectContaining(difference)]);
  });

  it('as a command prints what differs and ends with 1, or with 0 when all agree', async () => {
    const clean = command();
    expect({ code: await clean.exit(), output: clean.output(), errors: clean.errors() }).toEqual({
      code: 0,
      output: 'Stock, ledger and reservations agree.\n',
      errors: '',
    });
    await bench.rows(planted[1][1]);
    const found = command();
    expect(await found.exit()).toBe(1);
    expect(found.output()).toBe(
      'TEE: on hand 9 (ledger 9), reserved 2 (ledger 1, orders hold 1)\n1 SKU differs.\n',
    );
  });

  it('as a command without a database says so and ends with 2', async () => {
    const lost = spawnProgram(new URL('../reconcile.ts', import.meta.url), { PATH: '/usr/bin:/bin' });
    expect(await lost.exit()).toBe(2);
    expect(lost.errors()).toMatch(/DATABASE_URL: is not set/);
  });
});

describe('the metric of differing SKUs', () => {
  let telemetry: Telemetry;
  beforeAll(() => {
    telemetry = startTelemetry({ service: 'inventory' });
  });
  afterAll(() => telemetry.shutdown());

  async function shown(): Promise<string | undefined> {
    const text = await telemetry.metricsText();
    return text.split('\n').find((line) => line.startsWith('millrace_stock_differing_skus '));
  }

  it('tells what the last look found, and nothing before the first', async () => {
    const clock = new VirtualClock(0);
    const reconciler = new Reconciler(bench.transactions, new InventoryConfig(0, 1_000), clock);
    reconciler.onApplicationBootstrap();
    await clock.advance(999);
    expect(await shown()).toBeUndefined();
    await clock.advance(1);
    await eventually(async () => expect(await shown()).toMatch(/ 0$/));
    await bench.rows(planted[0][1]);
    await eventually(() => expect(clock.sleeping).toBe(1));
    await clock.advance(1_000);
    await eventually(async () => expect(await shown()).toMatch(/ 1$/));
    await reconciler.beforeApplicationShutdown();
  });
});
