import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { OutgoingRecord } from '@millrace/messaging';
import { eventually } from '@millrace/testing/runtime';
import type { Client } from 'pg';
import { ensurePublication } from '../capture/ensure-publication.js';
import { ensureSlot } from '../capture/ensure-slot.js';
import { outboxesOf, PUBLICATION } from '../capture/capture-names.js';
import { ConnectClient } from '../connector/connect-client.js';
import { FakeConnect } from '../connector/fake-connect.fixture.js';
import { ensurePartitions } from '../partitions/ensure-partitions.js';
import { daysToKeep, partitionedTables } from '../partitions/partition-plan.js';
import { noteProgress, readCaptureRecord } from '../store/capture-record-store.js';
import { readSlot } from '../store/slot-store.js';
import { TestFleet } from '../testing/fleet.fixture.js';
import { appendEvent } from '../testing/outbox-rows.fixture.js';
import { systemClock } from '../timing/clock.js';
import { recover, type RecoverReport } from './recover.js';
import { requestsOf } from './produce-retained.js';

describe('a recovery', () => {
  let fleet: TestFleet;
  let admin: Client;
  let connect: FakeConnect;
  let url: string;
  let sent: OutgoingRecord[];
  /** What the log does when it is sent something. */
  let onSend: (records: readonly OutgoingRecord[]) => Promise<void>;

  beforeEach(async () => {
    fleet = await TestFleet.create(stack.postgres);
    await fleet.grantAccess();
    for (const service of fleet.services) await fleet.migrate(service);
    admin = await fleet.connect();
    await ensurePartitions(admin, partitionedTables(fleet.services), daysToKeep(Date.now()));
    await ensurePublication(admin, PUBLICATION, outboxesOf(fleet.services));
    await ensureSlot(admin, fleet.slot);
    connect = new FakeConnect();
    url = await connect.listen();
    connect.config = {};
    connect.offset = { lsn: 1 };
    sent = [];
    onSend = async () => undefined;
  });

  afterEach(async () => {
    await connect.close();
    await fleet.drop();
  });

  async function run(client = admin, force = false): Promise<RecoverReport> {
    const send = async (records: readonly OutgoingRecord[]) => {
      await onSend(records);
      sent.push(...records);
    };
    return recover({
      client,
      connect: new ConnectClient(url),
      broker: { send },
      services: fleet.services,
      slot: fleet.slot,
      connector: 'outbox',
      force,
      clock: systemClock,
      log: { info: () => undefined, warn: () => undefined },
    });
  }

  const drop = () => admin.query('SELECT pg_drop_replication_slot($1)', [fleet.slot]);
  const ids = (records: readonly OutgoingRecord[]) => records.map(({ headers }) => headers['ce_id']);

  /** Ids of the rows that the slot has to give. */
  async function given(): Promise<string> {
    const { rows } = await admin.query<{ data: Buffer }>(
      `SELECT data FROM pg_logical_slot_peek_binary_changes($1, NULL, NULL, 'proto_version', '1', 'publication_names', $2)`,
      [fleet.slot, PUBLICATION],
    );
    return rows.map(({ data }) => data.toString('latin1')).join('\n');
  }

  it('refuses when the slot is well, and touches nothing', async () => {
    await expect(run()).rejects.toThrow('is there and well, so nothing is missing');
    expect(connect.changes).toEqual([]);
    expect(await readCaptureRecord(admin, fleet.slot)).toMatchObject({ state: 'trusted' });
  });

  it('makes a new failover slot, produces the rows since the mark, and lets the connector begin anew', async () => {
    const old = await appendEvent(admin, fleet.order);
    await admin.query(
      `UPDATE ${fleet.schema(fleet.order)}.outbox SET occurred_at = occurred_at - interval '2 hours'`,
    );
    await noteProgress(admin, fleet.slot, { provenLsn: 0n, publishedBefore: Date.now() - 3_600_000 });
    const events = [await appendEvent(admin, fleet.order), await appendEvent(admin, fleet.fraud)];
    await drop();
    expect(await run()).toMatchObject({ because: expect.stringContaining('does not exist') });
    expect(ids(sent)).toEqual(events);
    expect(ids(sent)).not.toContain(old);
    expect(connect.changes).toEqual([
      'PUT /connectors/outbox/stop',
      'DELETE /connectors/outbox/offsets',
      'PUT /connectors/outbox/resume',
    ]);
    const { rows } = await admin.query(
      'SELECT failover, plugin FROM pg_replication_slots WHERE slot_name = $1',
      [fleet.slot],
    );
    expect(rows).toEqual([{ failover: true, plugin: 'pgoutput' }]);
    expect((await readCaptureRecord(admin, fleet.slot))?.provenLsn).toBe(
      (await readSlot(admin, fleet.slot))?.confirmedLsn,
    );
    expect(await readCaptureRecord(admin, fleet.slot)).toMatchObject({ state: 'recovered' });
  });

  it('orders the events of a key by the commits of their transactions, not by their beginnings', async () => {
    const [early, late] = [await fleet.connect(), await fleet.connect()];
    await early.query('BEGIN');
    await early.query('SELECT now()');
    await late.query('BEGIN');
    const first = await appendEvent(late, fleet.order, 'same');
    await late.query('COMMIT');
    const second = await appendEvent(early, fleet.order, 'same');
    await early.query('COMMIT');
    await drop();
    await run();
    expect(ids(sent)).toEqual([first, second]);
  });

  it('waits for a transaction that is open, and covers one that ends while it runs: by the slot, or by itself', async () => {
    const writer = await fleet.connect();
    await writer.query('BEGIN');
    const open = await appendEvent(writer, fleet.order);
    await drop();
    let committed: string | undefined;
    onSend = async () => {
      committed ??= await appendEvent(writer, fleet.order);
    };
    const running = run(await fleet.connect());
    await eventually(async () => {
      const { rowCount } = await admin.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%create_logical_replication%'
            AND pid <> pg_backend_pid() AND state = 'active'`,
      );
      expect(rowCount).toBe(1);
    });
    await writer.query('COMMIT');
    await running;
    expect(ids(sent)).toContain(open);
    expect(await given()).toContain(committed);
  });

  it('that dies half-way is begun anew by the next, which leaves nothing out', async () => {
    const events: string[] = [];
    for (let index = 0; index < 120; index += 1) {
      events.push(await appendEvent(admin, fleet.order, `k${index}`, `"${'x'.repeat(9_000)}"`));
    }
    await drop();
    let requests = 0;
    onSend = async () => {
      requests += 1;
      if (requests === 2) throw new Error('broker away');
    };
    await expect(run()).rejects.toThrow('broker away');
    expect(sent.length).toBeGreaterThan(0);
    expect(sent.length).toBeLessThan(events.length);
    expect(await readCaptureRecord(admin, fleet.slot)).toMatchObject({ state: 'recovering' });
    expect(connect.states.connector).toBe('STOPPED');
    const before = sent.length;
    await run();
    expect(ids(sent.slice(before))).toEqual(events);
    expect(requestsOf(sent.slice(before)).length).toBeGreaterThan(2);
    expect(connect.states.connector).toBe('RUNNING');
    const again = sent.length;
    expect(await run()).toMatchObject({ because: 'only the connector rested' });
    expect(sent).toHaveLength(again);
  });

  it('replaces a good slot when it is forced to', async () => {
    const event = await appendEvent(admin, fleet.order);
    await run(admin, true);
    expect(ids(sent)).toEqual([event]);
    expect(await given()).not.toContain(event);
  });
});
