import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Readiness } from '@millrace/service/module';
import { ConnectClient } from '../connector/connect-client.js';
import { ConnectorKeeper } from '../connector/connector-keeper.js';
import { FakeConnect } from '../connector/fake-connect.fixture.js';
import { PartitionKeeper } from '../partitions/partition-keeper.js';
import { KeeperDatabase } from '../store/keeper-database.js';
import { VirtualClock } from '../timing/virtual-clock.fixture.js';
import { KeeperRuntime } from './keeper-runtime.js';

const log = { info: () => undefined, warn: () => undefined };

describe('the keeper as a service', () => {
  const [connectorTime, partitionTime] = [new VirtualClock(0), new VirtualClock(0)];
  let connect: FakeConnect;
  let readiness: Readiness;
  let runtime: KeeperRuntime;
  let partitionsFail: boolean;

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
    const partitions = new PartitionKeeper({ ensure, clock: partitionTime, log });
    const database = new KeeperDatabase('postgres://nobody@127.0.0.1:1/none');
    runtime = new KeeperRuntime(connector, partitions, database, readiness);
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
});
