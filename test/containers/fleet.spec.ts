import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topology } from '@millrace/contracts';
import { eventually } from '@millrace/testing/runtime';
import { differences, noDifference, stockContradictions } from '../support/conservation.js';
import { openPool } from '../support/database.js';
import { allReady, connectorStates, stockUp } from '../support/fleet.js';
import { describeOrderFlow, type OrderFleet } from '../support/order-flow.js';
import { placeOrder, placeOrders } from '../support/orders.js';
import { ComposeFleet } from './support/compose-fleet.js';
import { eventuallyTraced } from './support/eventually-traced.js';
import { docker, imageOf, inspect, inspectImage, serviceOf, type Container } from './support/container.js';

const PROGRAMS = [...topology.map(({ name }) => name), 'keeper', 'mail-sink'];
const SERVERS = ['postgres', 'kafka', 'connect', 'jaeger'];
/** Bytes that a program may add to the image below it. */
const LARGEST_PROGRAM = 200e6;
const KILLED = 137;

const tell = (line: string) => process.stderr.write(`  ${line}\n`);

let fleet: ComposeFleet;
let place: OrderFleet;

beforeAll(async () => {
  fleet = await ComposeFleet.plan();
  // What a run that was killed has left.
  await fleet.remove();
  const startedAt = Date.now();
  await fleet.up();
  tell(`built and healthy after ${((Date.now() - startedAt) / 1_000).toFixed(0)} s`);
  place = await fleet.orderFleet();
  await stockUp(place.services['inventory'] ?? '');
}, 1_200_000);

afterAll(() => fleet?.remove());

/** The container of a service; throws when there is none. */
async function containerOf(service: string): Promise<Container> {
  const found = (await fleet.containers()).find((container) => serviceOf(container) === service);
  if (!found) throw new Error(`there is no container of ${service}`);
  return found;
}

describe('the fleet after docker compose up --wait', () => {
  it('is healthy in every container that stays, and the one-shots have ended well', async () => {
    const containers = await fleet.containers();
    const staying = containers.filter(({ State }) => State.Status === 'running');
    const ended = containers.filter(({ State }) => State.Status !== 'running');
    expect(staying.map(serviceOf).toSorted()).toEqual([...PROGRAMS, ...SERVERS].toSorted());
    for (const { State, Name } of staying) {
      expect({ Name, health: State.Health?.Status ?? 'healthy' }).toEqual({ Name, health: 'healthy' });
    }
    expect(ended.map(({ Name, State }) => ({ Name, code: State.ExitCode }))).toEqual(
      ended.map(({ Name }) => ({ Name, code: 0 })),
    );
  });

  it('tells how long each program took from its start until it listened', async () => {
    for (const service of [...topology.map(({ name }) => name), 'keeper']) {
      const { State } = await containerOf(service);
      const listening = (await fleet.compose('logs', '--no-log-prefix', service))
        .split('\n')
        .find((line) => line.includes('"listening"'));
      const { time } = JSON.parse(listening ?? '{}') as { time?: number | string };
      expect(time).toBeDefined();
      const took = new Date(time ?? 0).getTime() - new Date(State.StartedAt).getTime();
      tell(`${service.padEnd(14)} listens after ${(took / 1_000).toFixed(1)} s`);
    }
  });
});

describeOrderFlow(async () => place);

describe('the image of', () => {
  it.each(PROGRAMS)(
    '%s is small, labelled, checks its health and runs as nobody special',
    async (program) => {
      const { Config, Size } = await inspectImage(imageOf(program));
      const base = await inspectImage('node:24-bookworm-slim');
      const added = Size - base.Size;
      tell(`${program.padEnd(14)} ${(added / 1e6).toFixed(0)} MB above node:24-bookworm-slim`);
      expect(added).toBeLessThan(LARGEST_PROGRAM);
      expect(Config.User).toBe('1000:1000');
      expect(Config.Healthcheck?.Test).toEqual(['CMD', 'node', '/fleet/health-check.mjs']);
      expect(Config.Labels['org.opencontainers.image.title']).toBe(`millrace-${program}`);
    },
  );
});

describe('the container of', () => {
  const write = `try { require('fs').writeFileSync('/fleet/probe', ''); console.log('wrote'); }
                 catch (error) { console.log(error.code, process.getuid()); }`;

  it.each(PROGRAMS)('%s can write nowhere, is not root and has a limit of memory', async (program) => {
    const { HostConfig } = await containerOf(program);
    expect(HostConfig.ReadonlyRootfs).toBe(true);
    expect(HostConfig.Memory).toBeGreaterThan(0);
    const said = await fleet.compose('exec', '-T', program, 'node', '--eval', write);
    expect(said.trim()).toBe('EROFS 1000');
  });

  it('a service reaches what it needs, but no other service, mail server, Connect or anything outside', async () => {
    const reach = (host: string, port: number, timeout = 1_500) => `
      await new Promise((resolve) => require('net').connect({ host: '${host}', port: ${port}, timeout: ${timeout} })
        .on('connect', () => resolve('reached')).on('timeout', () => resolve('silence'))
        .on('error', (error) => resolve(error.code)))`;
    const targets: readonly [string, number, number?][] = [
      ['postgres.fleet', 5_432, 20_000],
      ['kafka.fleet', 9_092, 20_000],
      ['jaeger.fleet', 4_318, 20_000],
      ['mail.fleet', 1_025],
      ['connect.fleet', 8_083],
      ['order', 8_080],
      ['fraud', 8_080],
      ['1.1.1.1', 443],
    ];
    const script = `(async () => console.log(JSON.stringify([${targets.map((target) => reach(...target)).join()}])) ?? process.exit())()`;
    const said = JSON.parse(
      await fleet.compose('exec', '-T', 'analytics', 'node', '--eval', script),
    ) as string[];
    expect(said.slice(0, 3)).toEqual(['reached', 'reached', 'reached']);
    expect(said.slice(3)).not.toContain('reached');
  });

  it('a service holds its own secrets and no other', async () => {
    const list = `console.log(require('fs').readdirSync('/run/secrets').join())`;
    expect((await fleet.compose('exec', '-T', 'order', 'node', '--eval', list)).trim()).toBe('database-url');
    const { Config } = await containerOf('order');
    expect(JSON.stringify(Config)).not.toContain('postgres://');
  });

  it('Jaeger shows the way of an order through all services', async () => {
    const { traceId } = await placeOrder(place.services['order'] ?? '');
    await eventuallyTraced(fleet.traces, traceId);
  });
});

describe('a container whose main process is killed from the host', () => {
  it.each([...PROGRAMS, ...SERVERS])(
    '%s comes back by its restart policy, and every order takes effect once',
    async (service) => {
      const before = await containerOf(service);
      const startedAt = Date.now();
      let enough = Number.POSITIVE_INFINITY;
      const load = placeOrders({
        url: () => place.services['order'] ?? '',
        until: (accepted) => accepted >= enough,
        connections: 2,
        rate: 10,
      });
      process.kill(before.State.Pid, 'SIGKILL');
      try {
        await eventually(
          async () => {
            const [now] = await inspect([before.Name]);
            expect(now?.RestartCount).toBeGreaterThan(before.RestartCount);
            expect(now?.State.Status).toBe('running');
            expect(now?.State.Health?.Status ?? 'healthy').toBe('healthy');
          },
          { everyMs: 250 },
        );
        // Some orders at least are taken after it is back.
        enough = 10;
        await load;
      } finally {
        enough = 0;
        await load;
      }
      tell(`${service.padEnd(14)} is healthy again after ${((Date.now() - startedAt) / 1_000).toFixed(1)} s`);
      await allReady(90_000, place.services);
      await eventually(
        async () => expect(await connectorStates(fleet.connect)).toEqual(['RUNNING', 'RUNNING']),
        { everyMs: 500 },
      );
      await eventuallyConserved();
    },
  );
});

describe('docker compose stop and down', () => {
  it('end no container of an idle fleet by force, and the next up finds the data again', async () => {
    const order = await placeOrder(place.services['order'] ?? '');
    await eventuallyConserved();
    const running = (await fleet.containers()).filter(({ State }) => State.Status === 'running');
    const stoppedAt = Date.now();
    await fleet.compose('stop');
    const stopped = await inspect(running.map(({ Name }) => Name));
    const ends = stopped.map((container) => ({
      service: serviceOf(container),
      code: container.State.ExitCode,
      outOfMemory: container.State.OOMKilled,
      afterMs: Date.parse(container.State.FinishedAt) - stoppedAt,
    }));
    for (const { service, code, afterMs } of ends)
      tell(`${service.padEnd(14)} ended with ${code} after ${(afterMs / 1_000).toFixed(1)} s`);
    expect(ends.filter(({ code, outOfMemory }) => code === KILLED || outOfMemory)).toEqual([]);
    const programs = ends.filter(({ service }) => PROGRAMS.includes(service));
    expect(programs.map(({ service, code }) => [service, code])).toEqual(
      programs.map(({ service }) => [service, 0]),
    );
    await fleet.compose('down');
    expect(await docker('ps', '--all', '--quiet', '--filter', `name=${fleet.project}`)).toBe('');
    await fleet.up();
    const answer = await fetch(`${place.services['order']}/orders/${order.id}`);
    await expect(answer.json()).resolves.toMatchObject({ id: order.id });
    await placeOrder(place.services['order'] ?? '');
    await eventuallyConserved();
  });
});

/** Waits until every committed order has exactly one effect in every service and the stock adds up. */
async function eventuallyConserved(): Promise<void> {
  const pool = openPool(place.postgres);
  try {
    await eventually(async () => expect(await differences(pool)).toEqual(noDifference()), { everyMs: 500 });
    expect(await stockContradictions(pool)).toEqual([]);
  } finally {
    await pool.end();
  }
}
