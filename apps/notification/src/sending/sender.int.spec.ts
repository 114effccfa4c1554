import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Transactions } from '@millrace/persistence';
import { createTestDatabase, type TestDatabase } from '@millrace/testing';
import { eventually } from '@millrace/testing/runtime';
import { migrations } from '../migrations/index.js';
import { enqueue } from '../store/enqueue.sql.js';
import { OutgoingStore, type Outcome } from '../store/outgoing.store.js';
import { Sender, type SenderOptions } from './sender.js';
import { answer, TestSmtpServer } from './smtp-server.fixture.js';
import { SmtpTransport } from './smtp.transport.js';

interface LedgerRow {
  id: string;
  state: string;
  attempts: number;
  last_error: string | null;
  due_at: Date;
  sent_at: Date | null;
}

/** A ledger whose database is away for the first statements of each kind. */
class FlakyStore extends OutgoingStore {
  readonly failures = { claim: 2, settle: 2 };

  override claim(limit: number, leaseMs: number) {
    return this.fails('claim') ?? super.claim(limit, leaseMs);
  }

  override settle(outcomes: readonly Outcome[]) {
    return this.fails('settle') ?? super.settle(outcomes);
  }

  private fails(statement: keyof FlakyStore['failures']): Promise<never> | undefined {
    if (this.failures[statement] === 0) return undefined;
    this.failures[statement] -= 1;
    return Promise.reject(new Error('the database is away'));
  }
}

describe('Sender', () => {
  let database: TestDatabase;
  let transactions: Transactions;
  let outgoing: OutgoingStore;
  let server: TestSmtpServer;
  let running: Sender[] = [];

  beforeAll(async () => {
    database = await createTestDatabase(stack.postgres, { schema: 'notification', migrations });
    transactions = new Transactions(database.dataSource);
    outgoing = new OutgoingStore(transactions);
  });
  beforeEach(async () => {
    server = new TestSmtpServer();
    await server.start();
  });
  afterEach(async () => {
    await Promise.all(running.map((sender) => sender.beforeApplicationShutdown()));
    running = [];
    await server.stop();
    await transactions.read('TRUNCATE notification');
  });
  afterAll(() => database.drop());

  function start(options: SenderOptions = {}, store = outgoing): Sender {
    const transport = new SmtpTransport({ smtpUrl: server.url, from: 'orders@example.com' });
    const sender = new Sender(store, transport, {
      pollMs: 20,
      deadlineMs: 60_000,
      pauseMs: 50,
      ...options,
    });
    sender.onApplicationBootstrap();
    running.push(sender);
    return sender;
  }

  async function stop(sender: Sender): Promise<void> {
    running = running.filter((each) => each !== sender);
    await sender.beforeApplicationShutdown();
  }

  async function write(
    count: number,
    recipient = (index: number) => `c-${index}@example.com`,
  ): Promise<void> {
    const notifications = Array.from({ length: count }, (_, index) => ({
      eventId: randomUUID(),
      orderId: randomUUID(),
      workflow: 'order-confirmation',
      channel: 'mail',
      recipient: recipient(index),
      locale: 'en',
      templateVersion: 1,
      subject: `Order ${index}`,
      body: 'Hello,',
    }));
    await transactions.run((tx) => enqueue(tx, notifications));
  }

  const ledger = () => transactions.read<LedgerRow>('SELECT * FROM notification ORDER BY id');
  const taken = () => server.taken.map(({ messageId }) => messageId).sort();
  const expected = (rows: readonly LedgerRow[]) => rows.map(({ id }) => `<${id}@millrace>`).sort();

  async function allIn(state: string): Promise<LedgerRow[]> {
    return eventually(async () => {
      const rows = await ledger();
      expect(rows.filter((row) => row.state !== state)).toEqual([]);
      return rows;
    });
  }

  it('sends every queued mail once and marks it', async () => {
    await write(50);
    start();
    const rows = await allIn('sent');
    expect(taken()).toEqual(expected(rows));
    expect(rows.every(({ attempts }) => attempts === 1)).toBe(true);
  });

  it('finds what is written while it is idle', async () => {
    start();
    await write(1);
    await allIn('sent');
    await write(1);
    await eventually(() => expect(server.taken).toHaveLength(2));
  });

  it('shares the work with another sender, each mail sent by one of them', async () => {
    await write(300);
    start();
    start();
    const rows = await allIn('sent');
    expect(taken()).toEqual(expected(rows));
    expect(rows.every(({ attempts }) => attempts === 1)).toBe(true);
  });

  it('keeps mails queued while the server is away and sends them once it is back', async () => {
    await server.stop();
    await write(20);
    start();
    await eventually(async () => {
      const rows = await ledger();
      expect(rows.every(({ last_error }) => last_error !== null)).toBe(true);
    });
    expect((await ledger()).filter(({ state }) => state === 'failed' || state === 'sent')).toEqual([]);

    await server.start();
    const rows = await allIn('sent');
    expect(taken()).toEqual(expected(rows));
  });

  it('sends again, under the same id, what a dead sender left in sending, once its lease has ended', async () => {
    await write(3);
    await outgoing.claim(2, 400);
    const leased = (await ledger()).filter(({ state }) => state === 'sending');
    expect(leased).toHaveLength(2);
    start();
    const rows = await allIn('sent');
    for (const { id, due_at: until } of leased) {
      const again = rows.find((row) => row.id === id);
      expect(again?.sent_at?.getTime()).toBeGreaterThanOrEqual(until.getTime());
    }
    expect(taken()).toEqual(expected(rows));
    expect(rows.map(({ attempts }) => attempts).sort((a, b) => a - b)).toEqual([1, 2, 2]);
  });

  it('gives up on a mail that the server refuses, keeps trying one that it defers, and sends the others', async () => {
    let deferrals = 0;
    server.onRecipient = (address) => {
      if (address === 'c-0@example.com') throw answer(550, `no mailbox ${address}`);
      if (address === 'c-1@example.com' && (deferrals += 1) < 3) throw answer(450, 'later');
    };
    await write(5);
    start();
    await eventually(async () => {
      const states = (await ledger()).map(({ state }) => state).sort();
      expect(states).toEqual(['failed', 'sent', 'sent', 'sent', 'sent']);
    });
    const failed = (await ledger()).find(({ state }) => state === 'failed');
    expect(failed?.last_error).toMatch(/refuses.*550/);
    expect(failed?.last_error).not.toContain('c-0@');
    expect(server.taken).toHaveLength(4);
  });

  it('lets one slow mail delay no other', async () => {
    let wake = () => {};
    const open = new Promise<void>((resolve) => (wake = resolve));
    server.onMail = ({ to }) => (to[0] === 'c-0@example.com' ? open : undefined);
    await write(100);
    start({ lanes: 4 });
    await eventually(async () => {
      expect((await ledger()).filter(({ state }) => state !== 'sent')).toHaveLength(1);
    });
    wake();
    await allIn('sent');
  });

  it('finishes what it is sending when it is stopped and gives back the rest untouched', async () => {
    let wake = () => {};
    const open = new Promise<void>((resolve) => (wake = resolve));
    let begun = 0;
    server.onMail = async () => {
      begun += 1;
      await open;
    };
    await write(20);
    const sender = start({ lanes: 2 });
    await eventually(() => expect(begun).toBe(2));
    const stopped = stop(sender);
    wake();
    await stopped;

    const rows = await ledger();
    expect(rows.filter(({ state, attempts }) => state === 'sent' && attempts === 1)).toHaveLength(2);
    expect(rows.filter(({ state, attempts }) => state === 'queued' && attempts === 0)).toHaveLength(18);
    expect(server.taken).toHaveLength(2);
    start();
    expect(expected(await allIn('sent'))).toEqual(taken());
  });

  it('waits out a database that is away, without sending anything twice', async () => {
    await write(10);
    const flaky = new FlakyStore(transactions);
    start({}, flaky);
    const rows = await allIn('sent');
    expect(taken()).toEqual(expected(rows));
    expect(flaky.failures).toEqual({ claim: 0, settle: 0 });
  });

  it('never sends what is undeliverable', async () => {
    await transactions.run((tx) =>
      enqueue(tx, [
        {
          eventId: randomUUID(),
          orderId: randomUUID(),
          workflow: 'order-confirmation',
          channel: 'mail',
          recipient: 'nobody',
          locale: 'en',
          templateVersion: 1,
          subject: 'Order',
          body: 'Hello,',
          undeliverable: 'the order names no valid mail address',
        },
      ]),
    );
    await write(1);
    start();
    await eventually(async () =>
      expect((await ledger()).map(({ state }) => state).sort()).toEqual(['failed', 'sent']),
    );
    expect(server.taken).toHaveLength(1);
  });
});
