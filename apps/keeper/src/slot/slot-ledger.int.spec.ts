import { ownerRole, schemaOf } from '@millrace/contracts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@millrace/testing/runtime';
import type { Client } from 'pg';
import { ensureSlot } from '../capture/ensure-slot.js';
import { ConnectClient } from '../connector/connect-client.js';
import { FakeConnect } from '../connector/fake-connect.fixture.js';
import { partitionName, utcDayOf } from '../partitions/day-bounds.js';
import { ensurePartitions } from '../partitions/ensure-partitions.js';
import { daysToKeep, partitionedTables } from '../partitions/partition-plan.js';
import { readCaptureRecord } from '../store/capture-record-store.js';
import { KeeperDatabase } from '../store/keeper-database.js';
import { readSlot } from '../store/slot-store.js';
import { TestFleet } from '../testing/fleet.fixture.js';
import { appendEvent, confirmAll } from '../testing/outbox-rows.fixture.js';
import { VirtualClock } from '../timing/virtual-clock.fixture.js';
import { SlotKeeper } from './slot-keeper.js';
import { SlotLedger } from './slot-ledger.js';

describe('the slot keeper on a real slot', () => {
  let fleet: TestFleet;
  let admin: Client;
  let database: KeeperDatabase;
  let connect: FakeConnect;
  let clock: VirtualClock;
  let keeper: SlotKeeper;
  let schema: string;
  let errors: object[];

  beforeEach(async () => {
    fleet = await TestFleet.create(stack.postgres);
    await fleet.grantAccess();
    for (const service of fleet.services) await fleet.migrate(service);
    admin = await fleet.connect();
    await ensurePartitions(admin, partitionedTables(fleet.services), daysToKeep(Date.now()));
    await ensureSlot(admin, fleet.slot);
    connect = new FakeConnect();
    const url = await connect.listen();
    connect.config = {};
    clock = new VirtualClock(Date.now());
    database = new KeeperDatabase(fleet.url(fleet.system.keeper));
    schema = schemaOf(fleet.order.name);
    errors = [];
    keeper = new SlotKeeper({
      ledger: new SlotLedger(database, fleet.slot, [{ schema, owner: ownerRole(fleet.order.name) }]),
      connect: new ConnectClient(url),
      connector: 'outbox',
      slot: fleet.slot,
      clock,
      log: { info: () => undefined, warn: () => undefined, error: (fields) => errors.push(fields) },
    });
  });

  afterEach(async () => {
    await keeper.stop();
    await database.end();
    await connect.close();
    await fleet.drop();
  });

  const age = () => keeper.status(true).oldestSeconds.get(schema);

  /** Confirms everything, as the connector does: its stored offset gets there first. */
  async function confirm(): Promise<void> {
    await confirmAll(admin, fleet.slot);
    const { rows } = await admin.query<{ lsn: string }>(
      `SELECT (confirmed_flush_lsn - '0/0')::text AS lsn FROM pg_replication_slots WHERE slot_name = $1`,
      [fleet.slot],
    );
    connect.offset = { lsn: Number(rows[0]?.lsn) };
  }

  it('tells the age of the oldest row that the slot has not confirmed, until it has', async () => {
    keeper.start();
    await clock.asleep();
    expect(age()).toBe(0);
    await appendEvent(admin, fleet.order);
    await clock.wake();
    const first = age() ?? 0;
    expect(first).toBeGreaterThan(0);
    await appendEvent(admin, fleet.order);
    await clock.wake();
    expect(age()).toBeGreaterThan(first);
    await confirm();
    // a mark that the slot has passed must be younger than the rows by the slack for clocks that differ
    await eventually(
      async () => {
        await clock.wake();
        await confirm();
        await clock.wake();
        expect(age()).toBe(0);
      },
      { everyMs: 200 },
    );
    expect(keeper.status(false)).toMatchObject({ ok: true, trusted: true, present: true, active: false });
  });

  it('finds that row by the primary key, however much the outbox holds', async () => {
    const partition = `${schema}.${partitionName('outbox', utcDayOf(Date.now()))}`;
    await appendEvent(admin, fleet.order);
    await admin.query(
      `INSERT INTO ${schema}.outbox (aggregate_type, aggregate_id, topic, type, source, data_schema, causation_id,
                                     content_type, payload, traceparent)
       SELECT aggregate_type, n::text, topic, type, source, data_schema, causation_id, content_type, payload, traceparent
         FROM ${schema}.outbox, generate_series(1, 20000) AS n`,
    );
    const scans = async () => {
      const { rows } = await admin.query<{ all: number; byKey: number }>(
        `SELECT seq_scan::int AS all, idx_scan::int AS "byKey" FROM pg_stat_user_tables WHERE relid = $1::regclass`,
        [partition],
      );
      return rows[0] ?? { all: -1, byKey: -1 };
    };
    await admin.query('SELECT pg_stat_force_next_flush()');
    const before = await scans();
    keeper.start();
    await clock.asleep();
    await eventually(
      async () => {
        await clock.wake();
        expect((await scans()).byKey).toBeGreaterThan(before.byKey);
      },
      { everyMs: 200 },
    );
    expect((await scans()).all).toBe(before.all);
  });

  it('notes what is published, so that a keeper that restarts knows it', async () => {
    keeper.start();
    await clock.asleep();
    const before = Date.now();
    // the server writes for others too: a mark may lie beyond what it has flushed, and so beyond what can be confirmed
    await eventually(
      async () => {
        await clock.wake();
        await confirm();
        await clock.wake();
        const record = await readCaptureRecord(admin, fleet.slot);
        expect(record?.publishedBefore).toBeGreaterThanOrEqual(before - 5_000);
        expect(record?.provenLsn).toBe((await readSlot(admin, fleet.slot))?.confirmedLsn);
      },
      { everyMs: 50 },
    );
  });

  it('concludes nothing from a slot that stands ahead of the connector, halts, and stops the connector', async () => {
    keeper.start();
    await clock.asleep();
    await confirm();
    await clock.wake();
    const known = await readCaptureRecord(admin, fleet.slot);
    await appendEvent(admin, fleet.order);
    await admin.query('SELECT pg_drop_replication_slot($1)', [fleet.slot]);
    await admin.query(`SELECT pg_create_logical_replication_slot($1, 'pgoutput', false, false, true)`, [
      fleet.slot,
    ]);
    await clock.wake();
    expect(keeper.status(true)).toMatchObject({
      ok: false,
      trusted: false,
      reason: expect.stringMatching(/made or moved by hand: run keeper recover/),
    });
    expect(await readCaptureRecord(admin, fleet.slot)).toMatchObject({
      state: 'halted',
      publishedBefore: known?.publishedBefore,
    });
    expect(connect.states.connector).toBe('STOPPED');
    expect(errors).toHaveLength(1);
    // somebody resumes it by hand: what is halted stays halted
    connect.states = { connector: 'RUNNING', tasks: ['RUNNING'] };
    connect.offset = { lsn: Number.MAX_SAFE_INTEGER };
    await clock.wake();
    expect(connect.states.connector).toBe('STOPPED');
    expect(age()).toBeGreaterThan(0);
  });

  it('believes a slot that moved while Connect is away neither more nor less than before', async () => {
    keeper.start();
    await clock.asleep();
    await confirmAll(admin, fleet.slot);
    connect.ready = false;
    const known = await readCaptureRecord(admin, fleet.slot);
    await clock.wake();
    expect(keeper.status(false)).toMatchObject({ ok: true });
    expect(await readCaptureRecord(admin, fleet.slot)).toEqual(known);
  });
});
