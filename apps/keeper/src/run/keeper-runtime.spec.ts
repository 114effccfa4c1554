import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Readiness } from '@millrace/service/module';
import { startTelemetry, type Telemetry } from '@millrace/telemetry';
import { ConnectClient } from '../connector/connect-client.js';
import { ConnectorKeeper } from '../connector/connector-keeper.js';
import { FakeConnect } from '../connector/fake-connect.fixture.js';
import { PartitionKeeper } from '../partitions/partition-keeper.js';
import { SlotKeeper } from '../slot/slot-keeper.js';
import { KeeperDatabase } from '../store/keeper-database.js';
import { VirtualClock } from '../timing/virtual-clock.fixture.js';
import { KeeperRuntime } from './keeper-runtime.js';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const good = {
  plugin: 'pgoutput',
  here: true,
  lost: null,
  active: true,
  confirmedLsn: 7n,
  lagBytes: 512,
  retainedBytes: 1024,
  safeBytes: 4096,
};
const record = { state: 'trusted', reason: null, provenLsn: 7n, publishedBefore: 0 } as const;

describe('the keeper as a service', () => {
  const [connectorTime, partitionTime, slotTime] = [0, 0, 0].map((now) => new VirtualClock(now)) as [
    VirtualClock,
    VirtualClock,
    VirtualClock,
  ];
  let telemetry: Telemetry;
  let slot: typeof good | undefined;
  let connect: FakeConnect;
  let readiness: Readiness;
  let runtime: KeeperRuntime;
  let partitionsFail: boolean;

  beforeAll(() => {
    telemetry = startTelemetry({ service: 'keeper' });
  });
  afterAll(() => telemetry.shutdown());

  beforeEach(async () => {
    connect = new FakeConnect();
    readiness = new Readiness();
    partitionsFail = true;
    const connector = new ConnectorKeeper({
      connect: new ConnectClient(await connect.listen()),
      name: 'outbox',
      config: {},
      captureProblem: async () => undefined,
      clock: connectorTime,
      log,
    });
    const ensure = async () => {
      if (partitionsFail) throw new Error('run migrate.js first');
      return [];
    };
    slot = good;
    const retire = async () => ({ dropped: [], overdue: [] });
    const partitions = new PartitionKeeper({ ensure, retire, clock: partitionTime, log });
    const slots = new SlotKeeper({
      ledger: {
        sight: async () => ({ mark: undefined, slot, record }),
        oldest: async () => new Map([['order', 1.5]]),
        note: async () => undefined,
        halt: async () => true,
        settle: async () => undefined,
      },
      connect: new ConnectClient(`http://127.0.0.1:${connect.port}`),
      connector: 'outbox',
      slot: 'millrace',
      clock: slotTime,
      log,
    });
    const database = new KeeperDatabase('postgres://nobody@127.0.0.1:1/none');
    runtime = new KeeperRuntime(connector, partitions, slots, database, readiness);
  });

  afterEach(async () => {
    await runtime.beforeApplicationShutdown();
    await runtime.onApplicationShutdown();
    await connect.close();
  });

  it('is ready once the connector runs and tomorrow has its partitions, and says what it waits for', async () => {
    expect((await readiness.report()).status).toBe('unready');
    runtime.onApplicationBootstrap();
    await partitionTime.asleep();
    await slotTime.asleep();
    await connectorTime.wake();
    expect(await readiness.report()).toMatchObject({
      status: 'unready',
      checks: { connector: { ok: true }, partitions: { ok: false, reason: 'run migrate.js first' } },
    });
    partitionsFail = false;
    await partitionTime.wake();
    expect((await readiness.report()).status).toBe('ready');
    connect.states = { connector: 'RUNNING', tasks: ['FAILED'] };
    await connectorTime.wake();
    expect(await readiness.report()).toMatchObject({
      status: 'unready',
      checks: { connector: { ok: false, reason: expect.stringMatching(/^failed: .*is active for PID/) } },
    });
  });

  it('is not ready within a look when the slot is gone, says what to do, stops the connector and shows it', async () => {
    runtime.onApplicationBootstrap();
    await slotTime.asleep();
    await connectorTime.wake();
    await connectorTime.wake();
    expect((await readiness.report()).checks['slot']).toEqual({ ok: true });
    expect(await metrics()).toEqual([
      'millrace_cdc_slot_active{slot="millrace"} 1',
      'millrace_cdc_slot_lag_bytes{slot="millrace"} 512',
      'millrace_cdc_slot_lost{slot="millrace"} 0',
      'millrace_cdc_slot_present{slot="millrace"} 1',
      'millrace_cdc_slot_retained_bytes{slot="millrace"} 1024',
      'millrace_cdc_slot_safe_bytes{slot="millrace"} 4096',
      'millrace_cdc_slot_trusted{slot="millrace"} 1',
      'millrace_connector_running{connector="outbox"} 1',
      'millrace_connector_tasks{connector="outbox",state="failed"} 0',
      'millrace_connector_tasks{connector="outbox",state="other"} 0',
      'millrace_connector_tasks{connector="outbox",state="running"} 1',
      'millrace_outbox_oldest_unpublished_age_seconds{schema="order"} 1.5',
    ]);
    slot = undefined;
    await slotTime.wake();
    const problem = 'replication slot millrace does not exist: run keeper recover';
    expect((await readiness.report()).checks['slot']).toEqual({ ok: false, reason: problem });
    expect(connect.changes).toContain('PUT /connectors/outbox/stop');
    expect(await metrics()).toEqual(
      expect.arrayContaining([
        'millrace_cdc_slot_present{slot="millrace"} 0',
        'millrace_cdc_slot_trusted{slot="millrace"} 0',
      ]),
    );
  });

  async function metrics(): Promise<string[]> {
    const lines = (await telemetry.metricsText()).split('\n');
    return lines.filter((line) => /^millrace_(cdc|outbox|connector)_/.test(line)).sort();
  }
});
