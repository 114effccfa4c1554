import { topology } from '@millrace/contracts';
import { runOnce } from '../processes/run-once.js';
import type { StackSession } from '../stack/stack-session.js';
import { migrationEnvironment, setupEnvironment } from './fleet-environment.js';
import type { FleetPlace } from './fleet-place.js';
import { programLaunch } from './program.js';

const WITHIN_MS = 120_000;
const MIGRATIONS_AT_ONCE = 2;

/** Roles and schemas, each service's migrations, then capture: all idempotent, for every service of the topology. */
export async function setUpFleet(place: FleetPlace, session: StackSession): Promise<void> {
  await session.steps.run('roles and schemas', () => keeper(place, session, 'access'));
  await session.steps.run('migrations', () => migrateAll(place, session));
  await session.steps.run('capture: publication, slot, topics', () => keeper(place, session, 'capture'));
}

async function keeper(
  place: FleetPlace,
  session: StackSession,
  command: 'access' | 'capture',
): Promise<void> {
  const env = setupEnvironment(place, command);
  const launch = programLaunch({ root: place.root, app: 'keeper', entry: 'main', args: [command], env });
  const name = `keeper-${command}`;
  await runOnce({ name, launch, logFile: session.log(name), withinMs: WITHIN_MS }, session.ledger);
}

async function migrateAll(place: FleetPlace, session: StackSession): Promise<void> {
  const waiting = topology.map(({ name }) => name);
  const worker = async () => {
    for (let service = waiting.shift(); service; service = waiting.shift())
      await migrate(place, session, service);
  };
  const results = await Promise.allSettled(Array.from({ length: MIGRATIONS_AT_ONCE }, worker));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

async function migrate(place: FleetPlace, session: StackSession, service: string): Promise<void> {
  const env = migrationEnvironment(place, service);
  const launch = programLaunch({ root: place.root, app: service, entry: 'migrate', env });
  const name = `${service}-migrate`;
  await runOnce({ name, launch, logFile: session.log(name), withinMs: WITHIN_MS }, session.ledger);
}
