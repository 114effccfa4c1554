import { topology } from '@millrace/contracts';
import { startMailSink } from '@millrace/mail-sink';
import { Fleet } from '../fleet/fleet.js';
import type { FleetPlace } from '../fleet/fleet-place.js';
import { replicaNames } from '../fleet/replica-names.js';
import { bringTraces, traceSentence, traceWishes } from '../traces/bring-traces.js';
import { chooseTraces } from '../traces/trace-choice.js';
import { PortClaims } from '../ports/port-claims.js';
import { planPorts, type PortWish } from '../ports/port-plan.js';
import { assertSpace } from '../infrastructure/disk.js';
import { dockerInfrastructure } from '../infrastructure/docker-infrastructure.js';
import { embeddedInfrastructure } from '../infrastructure/embedded-infrastructure.js';
import { externalInfrastructure } from '../infrastructure/external-infrastructure.js';
import type { LocalStack } from './local-stack.js';
import { RunningStack } from './running-stack.js';
import { loadSecrets, writeRolePasswords } from './secrets.js';
import { type CompleteOptions, completeStackOptions, type StackOptions } from './stack-options.js';
import { StackSession } from './stack-session.js';

const INFRASTRUCTURES = {
  embedded: embeddedInfrastructure,
  docker: dockerInfrastructure,
  external: externalInfrastructure,
} as const;

/**
 * Starts the infrastructure: resolves when Postgres and Kafka are ready (Connect goes on starting; `ready('connect')`
 * waits for it). The services come with `startServices`. Throws `StackError`, and then nothing is left running.
 */
export async function startStack(options: StackOptions): Promise<LocalStack> {
  const complete = completeStackOptions(options);
  const session = await StackSession.open(complete);
  try {
    return await start(complete, session);
  } catch (error) {
    await session.close();
    throw error;
  }
}

async function start(options: CompleteOptions, session: StackSession): Promise<LocalStack> {
  assertSpace(session.directory);
  const claims = new PortClaims();
  session.atClose(() => claims.release());
  const environment = { ...process.env, ...options.environment };
  const choice = await chooseTraces({
    root: options.root,
    environment,
    say: (sentence) => session.steps.say(sentence),
    signal: options.signal,
  });
  session.steps.say(traceSentence(choice));
  const wished = [...wishes(options), ...traceWishes(choice)];
  const { ports, replaced } = await planPorts(wished, options.ports, claims);
  for (const sentence of replaced) session.steps.say(sentence);
  const traces = bringTraces(choice, { root: options.root, environment, session, ports });
  const secrets = loadSecrets(session.data(), topology);
  const sink = await startMailSink();
  session.atClose(() => sink.close());
  const infrastructure = await INFRASTRUCTURES[options.mode]({ options, session, secrets, ports });
  const place: FleetPlace = {
    root: options.root,
    kafka: infrastructure.kafka,
    postgres: infrastructure.postgres,
    connect: infrastructure.connect,
    smtp: sink.smtp,
    slot: options.slot,
    secrets,
    secured: options.secured,
    rolePasswordsFile: writeRolePasswords(session.data(), secrets),
    ports,
    extra: { ...options.environment, ...traces.environment },
  };
  const connectReady = () => infrastructure.connectReady();
  const fleet = new Fleet(place, session, options, connectReady);
  return new RunningStack({ options, session, place, fleet, connectReady, mail: sink.url, traces });
}

/** Ports of everything that may run: also of services that are left out, for whoever runs them from source. */
function wishes(options: CompleteOptions): readonly PortWish[] {
  const infrastructure: readonly PortWish[] = [
    { name: 'postgres', preferred: 15_432 },
    { name: 'kafka', preferred: 19_092 },
    { name: 'kafka-controller' },
    { name: 'connect', preferred: 18_083 },
  ];
  const services = topology.flatMap(({ name, port }) =>
    replicaNames(name, options.scale[name] ?? 1).map((instance): PortWish =>
      instance === name ? { name, preferred: port } : { name: instance },
    ),
  );
  return [...(options.mode === 'external' ? [] : infrastructure), { name: 'keeper' }, ...services];
}
