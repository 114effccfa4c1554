import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Transactions } from '@millrace/persistence';
import { createTestDatabase, type TestDatabase } from '@millrace/testing';
import { eventually } from '@millrace/testing/runtime';
import { migrations } from '../migrations/index.js';
import { enqueue, type NewNotification } from './enqueue.sql.js';
import { OutgoingStore } from './outgoing.store.js';

function notification(): NewNotification {
  return {
    eventId: randomUUID(),
    orderId: randomUUID(),
    workflow: 'order-confirmation',
    channel: 'mail',
    recipient: 'ada@example.com',
    locale: 'en',
    templateVersion: 1,
    subject: 'Order',
    body: 'Hello,',
  };
}

describe('the ledger of notifications', () => {
  let database: TestDatabase;
  let transactions: Transactions;
  let outgoing: OutgoingStore;
  const write = (rows: readonly NewNotification[]) => transactions.run((tx) => enqueue(tx, rows));
  const states = () =>
    transactions.read<{ state: string; attempts: number }>('SELECT state, attempts FROM notification');
  const blocked = () =>
    transactions.read(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );

  beforeAll(async () => {
    database = await createTestDatabase(stack.postgres, { schema: 'notification', migrations });
    transactions = new Transactions(database.dataSource);
    outgoing = new OutgoingStore(transactions);
  });
  afterEach(() => transactions.read('TRUNCATE notification'));
  afterAll(() => database.drop());

  it('holds one row per notification however often its event comes, in batches that never deadlock', async () => {
    const rows = Array.from({ length: 40 }, notification);
    const batches = await transactions.run(async (tx) => {
      enqueue(tx, rows.slice(20, 21));
      // Answered after the statement before it: the row is held by now.
      await tx.query('SELECT 1');
      const waiting = [write(rows), write(rows.toReversed()), write([...rows, ...rows])];
      await eventually(async () => expect(await blocked()).toHaveLength(3));
      return waiting;
    });
    await Promise.all(batches);
    expect(await states()).toHaveLength(40);
  });

  it('writes a replayed notification down and never sends it', async () => {
    await transactions.run((tx) => enqueue(tx, [notification()], false));
    expect(await states()).toEqual([{ state: 'suppressed', attempts: 0 }]);
    expect(await outgoing.claim(10, 60_000)).toEqual([]);
  });

  it('leaves a sent notification alone when its event comes again', async () => {
    const row = notification();
    await write([row]);
    const [claimed] = await outgoing.claim(1, 60_000);
    if (claimed) await outgoing.settle([{ ...claimed, state: 'sent' }]);
    await write([row]);
    expect(await states()).toEqual([{ state: 'sent', attempts: 1 }]);
    expect(await outgoing.claim(10, 60_000)).toEqual([]);
  });

  it('gives each row to one of many that claim at once', async () => {
    await write(Array.from({ length: 100 }, notification));
    const claims = await Promise.all(Array.from({ length: 10 }, () => outgoing.claim(20, 60_000)));
    const ids = claims.flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(100);
  });

  it('believes a late success but no late failure of a sender whose lease has ended', async () => {
    await write([notification()]);
    const [late] = await outgoing.claim(1, 0);
    const [current] = await outgoing.claim(1, 60_000);
    if (!late || !current) throw new Error('the row is claimed twice');

    await outgoing.settle([{ ...late, state: 'failed', error: 'refused' }]);
    await outgoing.release([late]);
    expect(await states()).toEqual([{ state: 'sending', attempts: 2 }]);

    await outgoing.settle([{ ...late, state: 'sent' }]);
    await outgoing.settle([{ ...current, state: 'queued', delayMs: 0, error: 'away' }]);
    expect(await states()).toEqual([{ state: 'sent', attempts: 2 }]);
  });

  it('holds a failed attempt back for its delay', async () => {
    await write([notification()]);
    const [claimed] = await outgoing.claim(1, 60_000);
    if (claimed) await outgoing.settle([{ ...claimed, state: 'queued', delayMs: 60_000, error: 'away' }]);
    expect(await states()).toEqual([{ state: 'queued', attempts: 1 }]);
    expect(await outgoing.claim(1, 60_000)).toEqual([]);
  });
});
