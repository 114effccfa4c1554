import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Transactions } from '@millrace/persistence';
import { createTestDatabase, type TestDatabase } from '@millrace/testing';
import { migrations } from '../migrations/index.js';
import { ReservationLineEntity } from './reservation-line.entity.js';
import { ReservationEntity } from './reservation.entity.js';
import { ReservationStore } from './reservation.store.js';
import { StockEntity } from './stock.entity.js';
import { StockStore } from './stock.store.js';

const now = new Date('2026-03-01T10:00:00.000Z');

let database: TestDatabase;
let transactions: Transactions;
let stock: StockStore;
let reservations: ReservationStore;

beforeAll(async () => {
  database = await createTestDatabase(stack.postgres, {
    schema: 'inventory',
    migrations,
    entities: [StockEntity, ReservationEntity, ReservationLineEntity],
  });
  transactions = new Transactions(database.dataSource);
  stock = new StockStore(transactions);
  reservations = new ReservationStore(transactions);
});

afterAll(() => database.drop());

function movements(sku: string): Promise<{ kind: string; change: number }[]> {
  return transactions.read('SELECT kind, on_hand_change AS change FROM movement WHERE sku = $1 ORDER BY id', [
    sku,
  ]);
}

async function hold(sku: string, quantity: number): Promise<string> {
  const orderId = randomUUID();
  const request = { orderId, eventId: randomUUID(), lines: [{ sku, quantity }] };
  await transactions.run((tx) => reservations.reserveAll([request], now, tx));
  return orderId;
}

describe('counting stock', () => {
  it('makes an unknown SKU and moves a known one, each with a movement', async () => {
    expect(await stock.recount('NEW', 10, now)).toMatchObject({ accepted: true, created: true, change: 10 });
    expect(await stock.recount('NEW', 4, now)).toMatchObject({ accepted: true, created: false, change: -6 });
    expect(await stock.recount('NEW', 4, now)).toMatchObject({ accepted: true, change: 0 });
    expect(await stock.find('NEW')).toMatchObject({ onHand: 4, reserved: 0, backorderLimit: 0 });
    expect(await movements('NEW')).toEqual([
      { kind: 'counted', change: 10 },
      { kind: 'counted', change: -6 },
    ]);
  });

  it('never goes below what orders hold', async () => {
    await stock.recount('HELD', 5, now);
    await hold('HELD', 3);
    expect(await stock.recount('HELD', 2, now)).toMatchObject({ accepted: false, least: 3 });
    expect(await stock.find('HELD')).toMatchObject({ onHand: 5, reserved: 3 });
    expect(await movements('HELD')).toHaveLength(2);
  });

  it('makes a SKU once when two count it at the same time', async () => {
    const results = await Promise.all([1, 2, 3, 4].map((onHand) => stock.recount('RACE', onHand, now)));
    expect(results.filter(({ created }) => created)).toHaveLength(1);
    const changes = (await movements('RACE')).reduce((sum, { change }) => sum + change, 0);
    expect(await stock.find('RACE')).toMatchObject({ onHand: changes });
  });

  it('is guarded by the database itself', async () => {
    await stock.recount('GUARD', 1, now);
    const oversold = transactions.run((tx) => tx.query(`UPDATE stock SET reserved = 2 WHERE sku = 'GUARD'`));
    await expect(oversold).rejects.toThrow(/check constraint/);
  });

  it('lets no order below the backorder limit of a SKU wait', async () => {
    await stock.recount('BACK', 1, now);
    await transactions.run((tx) => tx.query(`UPDATE stock SET backorder_limit = 2 WHERE sku = 'BACK'`));
    await hold('BACK', 3);
    await hold('BACK', 1);
    expect(await stock.find('BACK')).toMatchObject({ onHand: 1, reserved: 3 });
  });
});

describe('reading', () => {
  it('pages through every SKU once, bytewise', async () => {
    const skus = ['page-a', 'page-B', 'page-c', 'page_d', 'page.e'];
    for (const sku of skus) await stock.recount(sku, 1, now);
    const seen: string[] = [];
    for (let page = await stock.page('', 2); page.length > 0; page = await stock.page(seen.at(-1) ?? '', 2)) {
      seen.push(...page.map(({ sku }) => sku));
    }
    expect(seen.filter((sku) => sku.startsWith('page'))).toEqual(skus.toSorted());
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('finds a reservation with its lines, and none for an order that was not judged', async () => {
    await stock.recount('FOUND', 5, now);
    const orderId = await hold('FOUND', 2);
    expect(await reservations.find(orderId)).toMatchObject({
      orderId,
      status: 'held',
      lines: [{ sku: 'FOUND', quantity: 2 }],
      decidedAt: now,
    });
    expect(await reservations.find(randomUUID())).toBeNull();
  });

  it('tells why nothing is held', async () => {
    const orderId = await hold('NEVER', 2);
    expect(await reservations.find(orderId)).toMatchObject({
      status: 'rejected',
      reason: 'unknown-sku',
      shortages: [{ sku: 'NEVER', requested: 2, available: 0 }],
      lines: [],
    });
  });
});
