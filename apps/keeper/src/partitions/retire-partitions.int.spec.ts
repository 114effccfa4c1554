import { schemaOf } from '@millrace/contracts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@millrace/testing/runtime';
import type { Client } from 'pg';
import { captureProof } from '../capture/capture-proof.js';
import { ensureSlot } from '../capture/ensure-slot.js';
import { takeWalMark } from '../store/wal-mark-store.js';
import { changeCaptureState, noteProgress } from '../store/capture-record-store.js';
import { readSlot } from '../store/slot-store.js';
import { WalMarks } from '../slot/wal-marks.js';
import { TestFleet } from '../testing/fleet.fixture.js';
import { appendEvent, confirmAll } from '../testing/outbox-rows.fixture.js';
import { partitionName, utcDayOf, type UtcDay } from './day-bounds.js';
import { ensurePartitions } from './ensure-partitions.js';
import { partitionedTables, type PartitionedTable } from './partition-plan.js';
import { retirePartitions, type RetireReport } from './retire-partitions.js';

const DAY_MS = 86_400_000;
const retention = { outboxDays: 7, inboxDays: 38 };

describe('old day partitions', () => {
  // rows are written today; what is asked for is whether today's partition may go in ten days
  let today: UtcDay;
  let later: number;
  let fleet: TestFleet;
  let admin: Client;
  let keeper: Client;
  let tables: readonly PartitionedTable[];
  let marks: WalMarks;

  beforeEach(async () => {
    fleet = await TestFleet.create(stack.postgres);
    await fleet.grantAccess();
    for (const service of fleet.services) await fleet.migrate(service);
    admin = await fleet.connect();
    keeper = await fleet.connect(fleet.system.keeper);
    tables = partitionedTables([fleet.order]).filter(({ name }) => name === 'outbox');
    await ensureSlot(admin, fleet.slot);
    today = utcDayOf(Date.now());
    later = (today + 10) * DAY_MS;
    await ensurePartitions(keeper, tables, [today - 60, today]);
    marks = new WalMarks();
  });

  afterEach(() => fleet.drop());

  it('go once the slot has passed a mark that is younger than their last possible row, and their rows with them', async () => {
    await appendEvent(admin, fleet.order);
    expect(await retire()).toEqual([]);
    await look(today + 1);
    expect(await retire()).toEqual([]);
    await confirmAll(admin, fleet.slot);
    await look(today + 1);
    expect(await retire()).toEqual([partitionName('outbox', today - 60), partitionName('outbox', today)]);
    expect(await names()).toEqual([]);
    expect(await retire()).toEqual([]);
  });

  it('stay while a transaction that began before the mark is open, however far the slot is', async () => {
    const writer = await fleet.connect();
    await writer.query('BEGIN');
    const { rows } = await writer.query<{ now: Date }>('SELECT now()');
    const began = rows[0]?.now.getTime() ?? Infinity;
    // it has written nothing yet, so the age of the oldest row does not wait for it
    await eventually(async () => {
      const mark = await takeWalMark(keeper);
      expect(mark?.settledBefore).toBe(began);
      expect(mark?.writersSince).toBeGreaterThan(began);
    });
    await appendEvent(writer, fleet.order);
    expect(await takeWalMark(keeper)).toMatchObject({ settledBefore: began, writersSince: began });
    await writer.query('COMMIT');
    await eventually(async () => expect((await takeWalMark(keeper))?.settledBefore).toBeGreaterThan(began));
  });

  it('give no mark while a role sees too little to know', async () => {
    const other = await fleet.connect();
    await other.query('BEGIN');
    await other.query('SELECT 1');
    expect(await takeWalMark(await fleet.connect(fleet.system.capture))).toBeUndefined();
    await other.query('ROLLBACK');
  });

  it('stay while the slot is missing or halted, and are told when they are overdue', async () => {
    await look(today + 1);
    await confirmAll(admin, fleet.slot);
    await look(today + 1);
    await changeCaptureState(keeper, fleet.slot, ['trusted'], ['halted', 'was gone']);
    const report = await retireAt(later);
    expect(report.dropped).toEqual([]);
    expect(report.overdue.map(({ name, schema }) => `${schema}.${name}`)).toEqual([
      `${schemaOf(fleet.order.name)}.${partitionName('outbox', today - 60)}`,
      `${schemaOf(fleet.order.name)}.${partitionName('outbox', today)}`,
    ]);
    await changeCaptureState(keeper, fleet.slot, ['halted'], ['trusted']);
    await admin.query('SELECT pg_drop_replication_slot($1)', [fleet.slot]);
    expect(await retire()).toEqual([]);
    expect(await names()).toHaveLength(2);
  });

  it('of an inbox go by age alone, and its default partition stays', async () => {
    const inbox = partitionedTables([fleet.fraud]).filter(({ name }) => name === 'inbox');
    await ensurePartitions(keeper, inbox, [today - 40, today - 39, today - 38]);
    const schema = schemaOf(fleet.fraud.name);
    await admin.query(`INSERT INTO ${schema}.inbox VALUES ('g', gen_random_uuid(), now(), now())`);
    const options = { now: today * DAY_MS, retention, proof: await captureProof(keeper, 'no slot') };
    const { dropped } = await retirePartitions(keeper, inbox, options);
    expect(dropped.map(({ name }) => name)).toEqual([
      partitionName('inbox', today - 40),
      partitionName('inbox', today - 39),
    ]);
    const { rowCount } = await admin.query(`SELECT FROM ${schema}.inbox`);
    expect(rowCount).toBe(1);
  });

  it('that are locked wait for the next look, and what a killed keeper had detached is dropped', async () => {
    await confirmAll(admin, fleet.slot);
    await look(today + 1);
    await confirmAll(admin, fleet.slot);
    await look(today + 1);
    const reader = await fleet.connect();
    await reader.query('BEGIN');
    await reader.query(`SELECT FROM ${schemaOf(fleet.order.name)}.outbox`);
    const { dropped, overdue } = await retireAt(later);
    expect(dropped).toEqual([]);
    expect(overdue[0]?.reason).toContain('holds a lock');
    await reader.query('COMMIT');
    const [table] = tables;
    const old = `${table?.schema}.${partitionName('outbox', today - 60)}`;
    await admin.query(`ALTER TABLE ${table?.schema}.outbox DETACH PARTITION ${old}`);
    expect(await retire()).toHaveLength(2);
    expect(await names()).toEqual([]);
  });

  /** What `keeper run` does at a look, with the mark's time moved to the morning of a day. */
  async function look(day: number): Promise<void> {
    const mark = await takeWalMark(keeper);
    if (mark) marks.add({ ...mark, settledBefore: mark.settledBefore + (day - today) * DAY_MS });
    const provenLsn = (await readSlot(keeper, fleet.slot))?.confirmedLsn ?? 0n;
    const publishedBefore = marks.pass(provenLsn)?.settledBefore ?? -Infinity;
    await noteProgress(keeper, fleet.slot, { provenLsn, publishedBefore });
  }

  async function retireAt(now: number): Promise<RetireReport> {
    return retirePartitions(keeper, tables, {
      now,
      retention,
      proof: await captureProof(keeper, fleet.slot),
    });
  }

  async function retire(): Promise<string[]> {
    return (await retireAt(later)).dropped.map(({ name }) => name);
  }

  async function names(): Promise<string[]> {
    const { rows } = await admin.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relname ~ '^outbox_p' AND relkind = 'r'
          AND relnamespace = $1::regnamespace`,
      [schemaOf(fleet.order.name)],
    );
    return rows.map(({ name }) => name);
  }
});
