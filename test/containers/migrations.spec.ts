import { PostgreSqlContainer, type StartedPostgreSqlContainer } from '@testcontainers/postgresql';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ownerRole, schemaOf, topology } from '@millrace/contracts';
import type pg from 'pg';
import { GenericContainer, Network, Wait, type StartedNetwork } from 'testcontainers';
import { loginRoles } from '../../apps/keeper/src/access/fleet-roles.js';
import { openPool, rowsOf } from '../support/database.js';
import { ComposeFleet } from './support/compose-fleet.js';
import { docker, dockerLines, imageOf } from './support/container.js';

const SERVICES = topology.map(({ name }) => name);
const SERVER = 'postgres.fleet';
const DATABASE = 'millrace';
/** Tells the containers of this run from others. */
const LABEL = 'millrace.test';
const RUN = `migrations-${process.pid}`;
const PASSWORDS_FILE = '/tmp/role-passwords.json';
/** The roles live as long as their container, on a network of its own. */
const passwordOf = (role: string) => `of-${role}`;

let network: StartedNetwork;
let server: StartedPostgreSqlContainer;
let pool: pg.Pool;

beforeAll(async () => {
  const fleet = await ComposeFleet.plan();
  await fleet.compose('build');
  network = await new Network().start();
  server = await new PostgreSqlContainer('postgres:18')
    .withDatabase(DATABASE)
    .withNetwork(network)
    .withNetworkAliases(SERVER)
    .start();
  pool = openPool(server.getConnectionUri());
});

afterAll(async () => {
  await pool?.end();
  await server?.stop();
  // Those that have ended, also when a test failed before it could see to them.
  const ended = await dockerLines('ps', '--all', '--quiet', '--filter', `label=${LABEL}=${RUN}`);
  if (ended.length > 0) await docker('rm', '--force', '--volumes', ...ended);
  await network?.stop();
});

/** An image's container that does one thing; starting it resolves when it has ended with code 0, and rejects when it ended otherwise. */
function once(program: string, ...command: string[]): GenericContainer {
  return new GenericContainer(imageOf(program))
    .withNetwork(network)
    .withCommand(command)
    .withLabels({ [LABEL]: RUN })
    .withWaitStrategy(Wait.forOneShotStartup())
    .withStartupTimeout(60_000);
}

/** What the migrations of a service have done, as its schema tells it. */
async function migrated(service: string): Promise<readonly { name: string; times: number }[]> {
  return rowsOf(
    pool,
    `SELECT name, count(*)::int AS times FROM "${schemaOf(service)}".migration GROUP BY name ORDER BY min(id)`,
  );
}

describe('on a new Postgres', () => {
  it('the keeper makes roles and schemas', async () => {
    const roles = loginRoles(topology).map(({ name }) => name);
    const content = JSON.stringify(Object.fromEntries(roles.map((role) => [role, passwordOf(role)])));
    const admin = `postgres://${server.getUsername()}:${server.getPassword()}@${SERVER}:5432/${DATABASE}`;
    await once('keeper', 'dist/main.js', 'access')
      .withEnvironment({ ADMIN_DATABASE_URL: admin, ROLE_PASSWORDS_FILE: PASSWORDS_FILE })
      .withCopyContentToContainer([{ content, target: PASSWORDS_FILE }])
      .start();
    const made = await rowsOf<{ rolname: string }>(pool, 'SELECT rolname FROM pg_roles');
    expect(made.map(({ rolname }) => rolname)).toEqual(expect.arrayContaining(roles));
  });

  it.each(SERVICES)('two containers migrate %s at once, and a third finds it done', async (service) => {
    const role = ownerRole(service);
    const url = `postgres://${role}:${passwordOf(role)}@${SERVER}:5432/${DATABASE}`;
    const migrate = () => once(service, 'dist/migrate.js').withEnvironment({ DATABASE_URL: url }).start();
    await Promise.all([migrate(), migrate()]);
    const done = await migrated(service);
    expect(done.length).toBeGreaterThan(0);
    expect(done.filter(({ times }) => times !== 1)).toEqual([]);
    await migrate();
    expect(await migrated(service)).toEqual(done);
  });

  it('an image says which variable it lacks, and ends as failed', async () => {
    await expect(docker('run', '--rm', imageOf('order'), 'dist/migrate.js')).rejects.toThrow(
      /DATABASE_URL: is not set/,
    );
  });
});
