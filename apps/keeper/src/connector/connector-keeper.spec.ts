import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { VirtualClock } from '../timing/virtual-clock.fixture.js';
import { ConnectClient } from './connect-client.js';
import { ConnectorKeeper } from './connector-keeper.js';
import { FakeConnect } from './fake-connect.fixture.js';

const PUT = 'PUT /connectors/outbox/config';
const RESTART = 'POST /connectors/outbox/restart?includeTasks=true&onlyFailed=true';
const config = { 'tasks.max': '1', 'database.password': '${env:MILLRACE_CAPTURE_PASSWORD}' };

describe('the connector keeper', () => {
  let connect: FakeConnect;
  let clock: VirtualClock;
  let keeper: ConnectorKeeper;
  let problem: string | undefined;
  let away: Error | undefined;

  beforeEach(async () => {
    connect = new FakeConnect();
    clock = new VirtualClock(0);
    problem = undefined;
    away = undefined;
    keeper = keeperOf(await connect.listen());
  });

  afterEach(async () => {
    await keeper.stop();
    await connect.close();
  });

  function keeperOf(url: string): ConnectorKeeper {
    return new ConnectorKeeper({
      connect: new ConnectClient(url),
      name: 'outbox',
      config,
      captureProblem: async () => {
        if (away) throw away;
        return problem;
      },
      clock,
      log: { info: () => undefined, warn: () => undefined },
    });
  }

  async function looks(count: number): Promise<void> {
    for (let look = 0; look < count; look += 1) await clock.wake();
  }

  it('registers the connector once and then finds it running', async () => {
    keeper.start();
    await clock.asleep();
    expect(connect.config).toEqual({ ...config, name: 'outbox' });
    await looks(5);
    expect(connect.changes).toEqual([PUT]);
    expect(keeper.status()).toEqual({ phase: 'running', restarts: 0 });
  });

  it('changes nothing when the connector is registered as the file says', async () => {
    connect.config = { ...config, name: 'outbox' };
    keeper.start();
    await looks(3);
    expect(connect.changes).toEqual([]);
  });

  it.each([
    ['differs', { ...config, 'tasks.max': '2', name: 'outbox' }],
    ['has a setting more', { ...config, 'errors.tolerance': 'all', name: 'outbox' }],
    ['lacks a setting', { 'tasks.max': '1', name: 'outbox' }],
  ])('puts the file again when what is registered %s', async (_how, registered) => {
    connect.config = registered;
    keeper.start();
    await clock.asleep();
    expect([connect.changes, connect.config]).toEqual([[PUT], { ...config, name: 'outbox' }]);
  });

  it("waits while Connect's port is open and its resources are not there", async () => {
    connect.ready = false;
    keeper.start();
    await looks(2);
    expect([keeper.status().phase, connect.changes]).toEqual(['away', []]);
    connect.ready = true;
    await looks(2);
    expect(keeper.status().phase).toBe('running');
  });

  it('survives that Connect is away and finds it again', async () => {
    keeper.start();
    await looks(1);
    const { config: registered, port } = connect;
    await connect.close();
    await looks(2);
    expect(keeper.status()).toMatchObject({
      phase: 'away',
      problem: expect.stringContaining('ECONNREFUSED'),
    });
    connect = new FakeConnect();
    connect.config = registered;
    await connect.listen(port);
    await looks(2);
    expect([keeper.status().phase, connect.changes]).toEqual(['running', []]);
  });

  it('registers nothing while publication or slot is missing', async () => {
    problem = 'replication slot millrace does not exist';
    keeper.start();
    await looks(2);
    expect([keeper.status(), connect.changes]).toEqual([{ phase: 'unprepared', problem, restarts: 0 }, []]);
    problem = undefined;
    await looks(2);
    expect(keeper.status().phase).toBe('running');
  });

  it('tells why Connect refuses the settings and puts them again', async () => {
    connect.refusal = 'Unable to connect to the database';
    keeper.start();
    await looks(2);
    expect(keeper.status()).toMatchObject({
      phase: 'away',
      problem: `Kafka Connect answered ${PUT} with 400: Unable to connect to the database`,
    });
    expect(connect.changes).toEqual([PUT, PUT, PUT]);
  });

  it.each([
    ['a task', { connector: 'RUNNING', tasks: ['FAILED'] }],
    ['the connector', { connector: 'FAILED', tasks: [] }],
  ])('restarts what failed when %s did, with pauses of 1 s to 30 s', async (_what, states) => {
    connect.config = { ...config, name: 'outbox' };
    connect.states = states;
    const restartsAt: number[] = [];
    keeper.start();
    for (let second = 0, seen = 0; second <= 65; second += 1) {
      await clock.asleep();
      if (connect.changes.length > seen) restartsAt.push(clock.now() / 1_000);
      seen = connect.changes.length;
      await clock.wake();
    }
    expect(restartsAt).toEqual([0, 1, 3, 7, 15, 31, 61]);
    expect(new Set(connect.changes)).toEqual(new Set([RESTART]));
    expect(keeper.status()).toEqual({
      phase: 'failed',
      problem: 'io.debezium.DebeziumException: replication slot "millrace" is active for PID 7',
      restarts: 7,
    });
  });

  it('spends no restart while the database is away and restarts at once when it is back', async () => {
    connect.config = { ...config, name: 'outbox' };
    connect.states = { connector: 'RUNNING', tasks: ['FAILED'] };
    away = new Error('connect ECONNREFUSED');
    keeper.start();
    await looks(20);
    expect([keeper.status(), connect.changes]).toEqual([
      { phase: 'failed', problem: 'connect ECONNREFUSED', restarts: 0 },
      [],
    ]);
    away = undefined;
    await looks(1);
    expect(connect.changes).toEqual([RESTART]);
  });

  it('begins the backoff anew only after 30 s of running', async () => {
    connect.config = { ...config, name: 'outbox' };
    const fail = () => (connect.states = { connector: 'RUNNING', tasks: ['FAILED'] });
    const heal = () => (connect.states = { connector: 'RUNNING', tasks: ['RUNNING'] });
    fail();
    keeper.start();
    await looks(8); // restarts at 0, 1, 3 and 7 s
    heal();
    await looks(2);
    fail();
    await looks(10); // 20 s: one restart at 15 s, the next is due at 31 s
    expect(connect.changes).toHaveLength(5);
    heal();
    await looks(32);
    fail();
    await looks(2); // at once, and 1 s later
    expect(connect.changes).toHaveLength(7);
  });

  it('is not running while the connector has no task', async () => {
    connect.states = { connector: 'RUNNING', tasks: [] };
    keeper.start();
    await looks(3);
    expect(keeper.status()).toMatchObject({ phase: 'starting' });
  });

  it('respects that somebody stopped the connector', async () => {
    connect.config = { ...config, name: 'outbox' };
    connect.states = { connector: 'STOPPED', tasks: [] };
    keeper.start();
    await looks(3);
    expect([keeper.status().phase, connect.changes]).toEqual(['held', []]);
  });
});
