import { connectWorker } from '../jvm/connect-worker.js';
import { jarFolder, STACK_JARS } from '../jvm/jars.js';
import { findJava } from '../jvm/java.js';
import { kafkaBroker } from '../jvm/kafka-broker.js';
import { DATABASE, ensureDatabase, urlAs } from '../postgres/admin-database.js';
import { postgresServer } from '../postgres/postgres-server.js';
import { type Infrastructure, type InfrastructureRequest, portOf } from './infrastructure.js';
import { CAPTURE_ROLE } from '../stack/secrets.js';

/** Tries of a part that dies before it is ready: the second forgives a port that was taken in between. */
const ATTEMPTS = 2;
const TOPIC_PREFIX = 'millrace';
/** How long in milliseconds the connector waits between looks at the log; its default of 500 dominates the latency. */
const CAPTURE_POLL_MS = '10';

interface JavaParts {
  readonly java: string;
  readonly jars: string;
}

/** Starts Postgres and Kafka side by side and Connect as soon as Kafka is there; resolves when the first two are ready. */
export async function embeddedInfrastructure(request: InfrastructureRequest): Promise<Infrastructure> {
  const { session, ports, secrets } = request;
  const server = `postgres://127.0.0.1:${portOf(ports, 'postgres')}`;
  const maintenance = urlAs(server, 'postgres', secrets.superuser, 'postgres');
  const parts = await javaParts(request);
  const connecting = { started: Promise.resolve() };
  const withKafka = async () => {
    await startKafka(request, parts);
    connecting.started = startConnect(request, parts);
    // Whoever needs Connect asks for it; nobody may be there yet when it fails.
    connecting.started.catch(() => undefined);
  };
  await allOrFirstError([startPostgres(request, maintenance), withKafka()]);
  return {
    kafka: `127.0.0.1:${portOf(ports, 'kafka')}`,
    postgres: urlAs(server, 'postgres', secrets.superuser, DATABASE),
    connect: `http://127.0.0.1:${portOf(ports, 'connect')}`,
    connectReady: async () => {
      await connecting.started;
      await session.supervisor.named('connect').ready();
    },
  };
}

async function javaParts({ options, session }: InfrastructureRequest): Promise<JavaParts> {
  const { command } = await findJava();
  const onProgress = (step: string) => session.steps.say(step);
  const jars = await jarFolder(
    STACK_JARS,
    { root: options.root, logFile: session.log('maven'), onProgress },
    session.ledger,
  );
  return { java: command, jars };
}

async function startPostgres({ session, ports, secrets }: InfrastructureRequest, url: string): Promise<void> {
  const place = {
    dataFolder: session.data('postgres'),
    logFile: session.log('postgres'),
    port: portOf(ports, 'postgres'),
    password: secrets.superuser,
    url,
  };
  await session.steps.run('Postgres', async () => {
    await session.supervisor.add(await postgresServer(place, session.ledger)).start(ATTEMPTS);
    await ensureDatabase(url);
  });
}

async function startKafka(
  { options, session, ports }: InfrastructureRequest,
  parts: JavaParts,
): Promise<void> {
  const place = {
    ...parts,
    root: options.root,
    folder: session.data('kafka'),
    logFile: session.log('kafka'),
    port: portOf(ports, 'kafka'),
    controllerPort: portOf(ports, 'kafka-controller'),
  };
  await session.steps.run('Kafka', async () => {
    await session.supervisor.add(await kafkaBroker(place, session.ledger)).start(ATTEMPTS);
  });
}

async function startConnect(request: InfrastructureRequest, parts: JavaParts): Promise<void> {
  const { options, session, ports, secrets } = request;
  const worker = connectWorker({
    ...parts,
    root: options.root,
    folder: session.data('connect'),
    logFile: session.log('connect'),
    port: portOf(ports, 'connect'),
    kafka: `127.0.0.1:${portOf(ports, 'kafka')}`,
    environment: {
      MILLRACE_DATABASE_HOST: '127.0.0.1',
      MILLRACE_DATABASE_PORT: String(portOf(ports, 'postgres')),
      MILLRACE_DATABASE_NAME: DATABASE,
      MILLRACE_CAPTURE_USER: CAPTURE_ROLE,
      MILLRACE_CAPTURE_PASSWORD: secrets.roles[CAPTURE_ROLE] ?? '',
      MILLRACE_CAPTURE_SLOT: options.slot,
      MILLRACE_TOPIC_PREFIX: TOPIC_PREFIX,
      MILLRACE_CAPTURE_POLL_MS: CAPTURE_POLL_MS,
    },
  });
  await session.steps.run('Kafka Connect', () => session.supervisor.add(worker).start(ATTEMPTS));
}

/** Waits for all, so that nothing goes on in the background, and then throws the first error. */
async function allOrFirstError(works: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(works);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
