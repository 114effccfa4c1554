import assert from 'node:assert/strict';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, testDataSource, type TestDatabase } from '@millrace/testing';
import { eventually } from '@millrace/testing/runtime';
import type { Transaction } from '@millrace/messaging';
import type { Pool, PoolClient } from 'pg';
import { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { entityManagerOf, Transactions } from './transactions.js';

type DataSource = TestDatabase['dataSource'];

const reason = new Error('time is up');
let database: TestDatabase;
let transactions: Transactions;
let unhandled: unknown[];
const note = (error: unknown) => void unhandled.push(error);

beforeEach(async () => {
  unhandled = [];
  process.on('unhandledRejection', note);
  database = await createTestDatabase(stack.postgres, { schema: 'fraud', migrations: [], poolSize: 2 });
  transactions = new Transactions(database.dataSource);
});

afterEach(async () => {
  await eventually(async () => assert.equal(await busyBackends(), 0));
  await database.drop();
  process.off('unhandledRejection', note);
  assert.deepEqual(unhandled, []);
});

/** Backends that are busy, or in a transaction, with what was given up. */
async function busyBackends(): Promise<number> {
  const [row] = await transactions.read<{ busy: number }>(
    `SELECT count(*)::int AS busy FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`,
  );
  return row?.busy ?? 0;
}

async function pid(tx: Transaction): Promise<number | undefined> {
  return (await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid'))[0]?.pid;
}

describe('a transaction that is given up', () => {
  it('ends its statement on the server within seconds', async () => {
    const abort = new AbortController();
    const work = transactions.run((tx) => tx.query('SELECT pg_sleep(30)'), abort.signal);
    await eventually(async () => expect(await busyBackends()).toBe(1));
    abort.abort(reason);
    await expect(work).rejects.toBe(reason);
  });

  it('gives none of its connections back, and the pool makes new ones', async () => {
    const lost: (number | undefined)[] = [];
    for (let round = 0; round < 5; round += 1) {
      const abort = new AbortController();
      const work = transactions.run(async (tx) => {
        lost.push(await pid(tx));
        abort.abort(reason);
        await new Promise(() => undefined);
      }, abort.signal);
      await expect(work).rejects.toBe(reason);
    }
    const alive = await Promise.all([1, 2, 3, 4].map(() => transactions.run(pid)));
    expect(alive.filter((one) => lost.includes(one))).toEqual([]);
  });

  it('does not begin its work when that happens while it waits for a connection', async () => {
    const hold = Promise.withResolvers<void>();
    const holders = [1, 2].map(() => transactions.run(() => hold.promise));
    const abort = new AbortController();
    let begun = false;
    const work = transactions.run(async () => {
      begun = true;
    }, abort.signal);
    abort.abort(reason);
    await expect(work).rejects.toBe(reason);
    hold.resolve();
    await Promise.all(holders);
    await Promise.all([1, 2, 3].map(() => transactions.run(pid)));
    expect(begun).toBe(false);
  });

  it('gives no connection to the next one that is just being destroyed', async () => {
    const abort = new AbortController();
    const work = transactions.run(async (tx) => {
      const client: PoolClient = await entityManagerOf(tx).queryRunner?.connect();
      // The server has answered the commit, and the connection is about to go back.
      client.connection.on('commandComplete', ({ text }) => {
        if (text === 'COMMIT') abort.abort(reason);
      });
      return 'committed';
    }, abort.signal);
    await expect(work).rejects.toBe(reason);
    await Promise.all([1, 2, 3].map(() => expect(transactions.run(pid)).resolves.toBeGreaterThan(0)));
  });
});

describe('a transaction that might have been given up', () => {
  it('gives its connection back', async () => {
    const { signal } = new AbortController();
    for (let round = 0; round < 10; round += 1) await transactions.run(pid, signal);
    await expect(transactions.run(() => Promise.reject(reason), signal)).rejects.toBe(reason);
    expect(await transactions.run(pid, signal)).toBeGreaterThan(0);
  });

  it('does not end the connection when it is over and somebody else has it', async () => {
    const abort = new AbortController();
    const single = testDataSource({ url: database.url, schema: 'fraud', poolSize: 1 });
    const own = new Transactions(await single.initialize());
    try {
      const first = await own.run(pid, abort.signal);
      const next = own.run(async (tx) => {
        abort.abort(reason);
        return pid(tx);
      });
      expect(await next).toBe(first);
    } finally {
      await single.destroy();
    }
  });
});

describe('a transaction on a server that hangs', () => {
  let hanging: HangingProxy;
  let dataSource: DataSource;

  beforeEach(async () => {
    hanging = await HangingProxy.before(new URL(database.url));
    dataSource = await testDataSource({ url: hanging.url, schema: 'fraud', poolSize: 1 }).initialize();
  });

  afterEach(async () => {
    await dataSource.destroy();
    await hanging.close();
  });

  it('makes room in the pool as soon as it is given up', async () => {
    const own = new Transactions(dataSource);
    const abort = new AbortController();
    const begun = Promise.withResolvers<void>();
    const work = own.run(async (tx) => {
      await pid(tx);
      begun.resolve();
      await new Promise(() => undefined);
    }, abort.signal);
    const given = expect(work).rejects.toBe(reason);
    await begun.promise;
    const waiting = own.run(pid);
    await eventually(() => expect(waitingFor(dataSource)).toBe(1));
    hanging.hang();
    abort.abort(reason);
    await given;
    expect(await waiting).toBeGreaterThan(0);
  });
});

/** Transactions that wait for a connection of the pool. */
function waitingFor({ driver }: DataSource): number {
  assert(driver instanceof PostgresDriver);
  const pool: Pool = driver.master;
  return pool.waitingCount;
}

/** Relays connections to a server; those that hang get no answer any more, not even to their end. */
class HangingProxy {
  private readonly sockets: Socket[] = [];

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async before(target: URL): Promise<HangingProxy> {
    const server = createServer({ allowHalfOpen: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = new URL(target);
    url.port = String((server.address() as AddressInfo).port);
    const proxy = new HangingProxy(server, url.toString());
    server.on('connection', (near) => {
      const far = connect({ host: target.hostname, port: Number(target.port) });
      near.pipe(far).pipe(near);
      for (const socket of [near, far]) socket.on('error', () => undefined);
      proxy.sockets.push(near, far);
    });
    return proxy;
  }

  hang(): void {
    for (const socket of this.sockets) socket.unpipe().pause();
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
