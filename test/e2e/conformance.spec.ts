import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { consumersOf, EventHeader, topology } from '@millrace/contracts';
import { createKafkaBroker, readRecord, type Broker, type OutgoingRecord } from '@millrace/messaging';
import { eventually } from '@millrace/testing/runtime';
import type pg from 'pg';
import { differences, noDifference } from '../support/conservation.js';
import { count, openPool, rowsOf } from '../support/database.js';
import { allReady, killAndAwait, ready } from '../support/fleet.js';
import { placeOrder } from '../support/orders.js';

const CONSUMERS = consumersOf(topology, 'order.created').map(({ name }) => name);
const DUPLICATES = 'millrace_inbox_duplicates_total';
const LOOKS = { everyMs: 200 };

/** For each service the table that an order's transaction writes last. */
const LAST_WRITTEN = [
  'analytics.total',
  'notification.notification',
  'fraud.outbox',
  'inventory.outbox',
  'feature_store.customer_latest',
];

/** Duplicates that all replicas of a service have met since they started. */
async function duplicatesOf(service: string): Promise<number> {
  const replicas = stack.replicas[service] ?? [stack.services[service] ?? ''];
  const texts = await Promise.all(replicas.map(async (url) => (await fetch(`${url}/metrics`)).text()));
  const samples = texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.startsWith(`${DUPLICATES}{`));
  return samples.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

/** The record of an event as capture wrote it, to be produced again. */
async function captured(eventId: string): Promise<OutgoingRecord> {
  const record = await readRecord({
    brokers: [stack.kafka],
    topic: 'order.created',
    matches: ({ headers }) => headers[EventHeader.id]?.toString() === eventId,
    timeoutMs: 60_000,
  });
  if (!record) throw new Error(`event ${eventId} was not captured`);
  const headers = Object.entries(record.headers).map(([name, value]) => [name, String(value)] as const);
  const { topic, partition, key, value } = record;
  return { topic, partition, key, value, headers: Object.fromEntries(headers) };
}

describe('the five services on Kafka', () => {
  let pool: pg.Pool;
  let broker: Broker;

  beforeAll(async () => {
    await ready();
    pool = openPool(stack.postgres);
    broker = createKafkaBroker({ clientId: 'conformance', brokers: [stack.kafka] });
  });

  afterAll(async () => {
    await broker?.close();
    await pool?.end();
  });

  async function nothingDiffers(): Promise<void> {
    await eventually(async () => expect(await differences(pool)).toEqual(noDifference()), LOOKS);
  }

  it('let a duplicate take effect once', async () => {
    const { eventId } = await placeOrder(stack.services['order'] ?? '');
    const record = await captured(eventId);
    await nothingDiffers();
    const before = await Promise.all(CONSUMERS.map(duplicatesOf));
    await broker.send([record, record]);
    await eventually(async () => {
      const met = await Promise.all(CONSUMERS.map(duplicatesOf));
      expect(met.map((now, index) => now - (before[index] ?? 0))).toEqual(CONSUMERS.map(() => 2));
    }, LOOKS);
    await nothingDiffers();
    for (const schema of ['fraud', 'inventory']) {
      const answers = `SELECT count(*) AS n FROM ${schema}.outbox WHERE causation_id = $1`;
      expect(await count(pool, answers, [eventId])).toBe(1);
    }
  });

  it('repeat an effect whose transaction died with its process, and lose none', async () => {
    const locks = await pool.connect();
    const killed = CONSUMERS.map((name) => ({ name, pid: stack.processes()[name] }));
    let restarted: Promise<unknown> = Promise.resolve();
    try {
      await locks.query('BEGIN');
      for (const table of LAST_WRITTEN) await locks.query(`LOCK TABLE ${table} IN SHARE MODE`);
      const orders = Array.from({ length: 20 }, () => placeOrder(stack.services['order'] ?? ''));
      await Promise.all(orders);
      await eventually(async () => expect(await waiting(pool)).toEqual(LAST_WRITTEN.toSorted()), LOOKS);
      restarted = Promise.all(CONSUMERS.map(killAndAwait));
      restarted.catch(() => undefined);
      await eventually(() => {
        const alive = killed.filter(({ name, pid }) => stack.processes()[name] === pid);
        expect(alive).toEqual([]);
      });
    } finally {
      await locks.query('ROLLBACK');
      locks.release();
    }
    await restarted;
    await allReady();
    await nothingDiffers();
  });
});

/** Tables of `LAST_WRITTEN` that a transaction waits for, sorted. */
async function waiting(pool: pg.Pool): Promise<string[]> {
  const rows = await rowsOf<{ name: string }>(
    pool,
    `SELECT DISTINCT relation::regclass::text AS name FROM pg_locks
      WHERE NOT granted AND relation::regclass::text = ANY ($1::text[]) ORDER BY 1`,
    [LAST_WRITTEN],
  );
  return rows.map(({ name }) => name);
}
