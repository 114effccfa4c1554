import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InventoryBench } from '../inventory-bench.fixture.js';

const now = new Date('2026-03-01T10:00:00.000Z');

let bench: InventoryBench;

beforeAll(async () => {
  bench = await InventoryBench.open(stack.postgres);
});
afterAll(() => bench.close());

function movements(sku: string): Promise<{ kind: string; change: number }[]> {
  return bench.rows('SELECT kind, on_hand_change AS change FROM movement WHERE sku = $1 ORDER BY id', [sku]);
}

describe('counting stock', () => {
  it('makes an unknown SKU and moves a known one, each with a movement', async () => {
    expect(await bench.stock.recount('NEW', { onHand: 10 }, now)).toMatchObject({
      accepted: true,
      created: true,
      change: 10,
    });
    expect(await bench.stock.recount('NEW', { onHand: 4 }, now)).toMatchObject({
      accepted: true,
      created: false,
      change: -6,
    });
    expect(await bench.stock.recount('NEW', { onHand: 4 }, now)).toMatchObject({ accepted: true, change: 0 });
    expect(await bench.stock.find('NEW')).toMatchObject({ onHand: 4, reserved: 0, backorderLimit: 0 });
    expect(await movements('NEW')).toEqual([
      { kind: 'counted', change: 10 },
      { kind: 'counted', change: -6 },
    ]);
  });

  it('never goes below what orders hold', async () => {
    await bench.stock.recount('HELD', { onHand: 5 }, now);
    await bench.hold(['HELD', 3]);
    expect(await bench.stock.recount('HELD', { onHand: 2 }, now)).toMatchObject({
      accepted: false,
      least: 3,
    });
    expect(await bench.stock.find('HELD')).toMatchObject({ onHand: 5, reserved: 3 });
    expect(await movements('HELD')).toHaveLength(2);
  });

  it('makes a SKU once when two count it at the same time', async () => {
    const results = await Promise.all(
      [1, 2, 3, 4].map((onHand) => bench.stock.recount('RACE', { onHand }, now)),
    );
    expect(results.filter((result) => 'created' in result && result.created)).toHaveLength(1);
    const changes = (await movements('RACE')).reduce((sum, { change }) => sum + change, 0);
    expect(await bench.stock.find('RACE')).toMatchObject({ onHand: changes });
  });

  it('is guarded by the database itself', async () => {
    await bench.stock.recount('GUARD', { onHand: 1 }, now);
    const oversold = bench.transactions.run((tx) =>
      tx.query(`UPDATE stock SET reserved = 2 WHERE sku = 'GUARD'`),
    );
    await expect(oversold).rejects.toThrow(/check constraint/);
  });

  it('lets no order below the backorder limit of a SKU wait', async () => {
    await bench.stock.recount('BACK', { onHand: 1 }, now);
    await bench.stock.recount('BACK', { onHand: 1, backorderLimit: 2 }, now);
    await bench.hold(['BACK', 3]);
    await bench.hold(['BACK', 1]);
    expect(await bench.stock.find('BACK')).toMatchObject({ onHand: 1, reserved: 3 });
  });
});

describe('reading', () => {
  it('pages through every SKU once, bytewise', async () => {
    const skus = ['page-a', 'page-B', 'page-c', 'page_d', 'page.e'];
    for (const sku of skus) await bench.stock.recount(sku, { onHand: 1 }, now);
    const seen: string[] = [];
    for (
      let page = await bench.stock.page('', 2);
      page.length > 0;
      page = await bench.stock.page(seen.at(-1) ?? '', 2)
    ) {
      seen.push(...page.map(({ sku }) => sku));
    }
    expect(seen.filter((sku) => sku.startsWith('page'))).toEqual(skus.toSorted());
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('finds a reservation with its lines, and none for an order that was not judged', async () => {
    await bench.stock.recount('FOUND', { onHand: 5 }, now);
    const orderId = await bench.hold(['FOUND', 2]);
    expect(await bench.reservations.find(orderId)).toMatchObject({
      orderId,
      status: 'held',
      lines: [{ sku: 'FOUND', quantity: 2 }],
    });
    expect(await bench.reservations.find(randomUUID())).toBeNull();
  });

  it('tells why nothing is held', async () => {
    const orderId = await bench.hold(['NEVER', 2]);
    expect(await bench.reservations.find(orderId)).toMatchObject({
      status: 'rejected',
      reason: 'unknown-sku',
      shortages: [{ sku: 'NEVER', requested: 2, available: 0 }],
      lines: [],
    });
  });
});
