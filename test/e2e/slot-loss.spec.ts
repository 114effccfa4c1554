import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createKafkaBroker, type BrokerRecord } from '@millrace/messaging';
import { eventually } from '@millrace/testing/runtime';
import type pg from 'pg';
import { differences, noDifference, stockContradictions } from '../support/conservation.js';
import { openPool, rowsOf } from '../support/database.js';
import { allReady, connectorStates, ready } from '../support/fleet.js';
import { ended, freePort, killKeeper, startKeeper } from '../support/keeper-program.js';
import { placeOrders, type PlacedOrder } from '../support/orders.js';

const BEFORE = 60;
const AFTER = 150;
/** The promise: so long may a lost slot go unsaid. */
const LOUD_WITHIN_MS = 30_000;

// one disaster, told in the order in which an operator lives it
describe('a replication slot that is dropped under load', () => {
  let pool: pg.Pool;
  let slot: string;
  let keeper: ChildProcess;
  let keeperUrl: string;
  let load: Promise<PlacedOrder[]>;
  let loadEnds = false;
  let acceptedSoFar = 0;

  beforeAll(async () => {
    await ready();
    pool = openPool(stack.postgres);
    slot = stack.environmentOf('order')['CAPTURE_SLOT'] ?? '';
    // a keeper of the test's own, because the stack tells nobody where its one listens
    await stack.stop('keeper');
    const port = await freePort();
    keeperUrl = `http://127.0.0.1:${port}`;
    keeper = startKeeper(['run'], { PORT: port, HOST: '127.0.0.1' });
    await eventually(keeperIsReady);
    load = placeOrders({
      url: () => stack.services['order'] ?? '',
      until: (accepted) => {
        acceptedSoFar = accepted;
        return loadEnds;
      },
      connections: 4,
      rate: 20,
    });
  });

  afterAll(async () => {
    loadEnds = true;
    await load;
    // a test that failed half-way leaves a slot for the suites that come after it all the same
    if ((await capture())?.state !== 'trusted') await ended(startKeeper(['recover', '--force']));
    await killKeeper(keeper);
    await stack.start('keeper');
    await pool.end();
  });

  it('makes the keeper say within 30 s what to do, and stops the connector', async () => {
    await accepted(BEFORE);
    await dropSlot();
    await eventually(
      async () =>
        expect(await readiness()).toMatchObject({
          status: 503,
          body: { checks: { slot: { ok: false, reason: expect.stringContaining('run keeper recover') } } },
        }),
      { withinMs: LOUD_WITHIN_MS, everyMs: 200 },
    );
    expect(await metric('millrace_cdc_slot_present')).toBe(0);
    expect(await metric('millrace_cdc_slot_trusted')).toBe(0);
    await eventually(async () => expect(await connectorStates()).toEqual(['STOPPED']), {
      withinMs: LOUD_WITHIN_MS,
      everyMs: 200,
    });
  });

  it('is not hidden by a new slot that somebody makes by hand', async () => {
    await pool.query(`SELECT pg_create_logical_replication_slot($1, 'pgoutput', false, false, true)`, [slot]);
    await eventually(async () => expect(await metric('millrace_cdc_slot_present')).toBe(1));
    await accepted(acceptedSoFar + 20);
    expect(await readiness()).toMatchObject({ status: 503 });
    expect(await metric('millrace_cdc_slot_trusted')).toBe(0);
  });

  it('is not made good by a recovery that dies half-way, and the keeper says so', async () => {
    const recovery = startKeeper(['recover']);
    await eventually(async () => expect((await capture())?.state).toBe('recovering'), { everyMs: 5 });
    await killKeeper(recovery);
    await eventually(
      async () => expect((await readiness()).text).toContain('has not ended: run keeper recover'),
      {
        withinMs: LOUD_WITHIN_MS,
        everyMs: 200,
      },
    );
  });

  it('is made good by keeper recover: every committed order has exactly one effect in every service', async () => {
    expect(await ended(startKeeper(['recover']))).toEqual({ code: 0, errors: '' });
    await accepted(acceptedSoFar + AFTER);
    loadEnds = true;
    const orders = await load;
    await eventually(keeperIsReady);
    await allReady();
    await eventually(async () => expect(await connectorStates()).toEqual(['RUNNING', 'RUNNING']));
    await eventually(async () => expect(await differences(pool)).toEqual(noDifference()), { everyMs: 500 });
    expect(await stockContradictions(pool)).toEqual([]);
    const stored = await rowsOf<{ id: string }>(pool, 'SELECT id FROM "order".orders WHERE id = ANY ($1)', [
      orders.map(({ id }) => id),
    ]);
    expect(stored).toHaveLength(orders.length);
    await eventually(
      async () => expect(await metric('millrace_outbox_oldest_unpublished_age_seconds')).toBe(0),
      { everyMs: 500 },
    );
  });

  it('leaves records that nobody can tell from those of the connector', async () => {
    const copies = Map.groupBy(await recordsOf('order.created'), ({ id }) => id);
    const twice = [...copies.values()].filter(({ length }) => length > 1);
    expect(twice.length).toBeGreaterThanOrEqual(BEFORE / 2);
    for (const [first, ...others] of twice) for (const other of others) expect(other).toEqual(first);
  });

  it('needs no second recovery, and a command that is not needed says so', async () => {
    const { code, errors } = await ended(startKeeper(['recover']));
    expect(code).toBe(1);
    expect(errors).toContain('is there and well, so nothing is missing');
  });

  async function accepted(least: number): Promise<void> {
    await eventually(() => expect(acceptedSoFar).toBeGreaterThanOrEqual(least), { everyMs: 50 });
  }

  /** As an operator's mistake would: the reader is thrown out, and the slot dropped before it is back. */
  async function dropSlot(): Promise<void> {
    await eventually(
      async () => {
        await pool.query(
          'SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = $1 AND active',
          [slot],
        );
        await pool.query('SELECT pg_drop_replication_slot($1)', [slot]);
      },
      { everyMs: 10 },
    );
  }

  async function readiness(): Promise<{ status: number; text: string; body: unknown }> {
    const answer = await fetch(`${keeperUrl}/health/ready`);
    const text = await answer.text();
    return { status: answer.status, text, body: JSON.parse(text) as unknown };
  }

  async function keeperIsReady(): Promise<void> {
    const { status, text } = await readiness();
    if (status !== 200) throw new Error(`the keeper is not ready: ${text}`);
  }

  /** Largest value of a metric over its labels. */
  async function metric(name: string): Promise<number> {
    const lines = (await (await fetch(`${keeperUrl}/metrics`)).text()).split('\n');
    const values = lines
      .filter((line) => line.startsWith(`${name}{`))
      .map((line) => Number(line.split(' ').at(-1)));
    return Math.max(...values);
  }

  async function capture(): Promise<{ state: string } | undefined> {
    const [row] = await rowsOf<{ state: string }>(pool, 'SELECT state FROM keeper.capture WHERE slot = $1', [
      slot,
    ]);
    return row;
  }
});

interface PlainRecord {
  readonly id: string;
  readonly partition: number;
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

async function recordsOf(topic: string): Promise<PlainRecord[]> {
  const broker = createKafkaBroker({ brokers: [stack.kafka], clientId: 'slot-loss' });
  const records: PlainRecord[] = [];
  try {
    await broker.scan(topic, async (record) => {
      records.push(plain(record));
      return 'continue';
    });
  } finally {
    await broker.close();
  }
  return records;
}

function plain({ partition, key, value, headers }: BrokerRecord): PlainRecord {
  const texts = Object.fromEntries(Object.entries(headers).map(([name, each]) => [name, String(each)]));
  return { id: texts['ce_id'] ?? '', partition, key: String(key), value: String(value), headers: texts };
}
