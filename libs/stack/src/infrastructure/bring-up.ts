import { DATABASE, ensureDatabase, urlAs } from '../postgres/admin-database.js';
import type { ProcessSpec } from '../processes/process-spec.js';
import { type Infrastructure, type InfrastructureRequest, portOf } from './infrastructure.js';

/** Tries of a part that dies before it is ready: the second forgives a port that was taken in between. */
const ATTEMPTS = 2;

/** How to run each server. */
export interface Servers {
  /** Postgres; `url` leads to its superuser and a database that always exists. */
  postgres(url: string): ProcessSpec | Promise<ProcessSpec>;
  kafka(): ProcessSpec | Promise<ProcessSpec>;
  connect(): ProcessSpec | Promise<ProcessSpec>;
}

/** Starts Postgres and Kafka side by side and Connect as soon as Kafka is there; resolves when the first two are ready. */
export async function bringUp(request: InfrastructureRequest, servers: Servers): Promise<Infrastructure> {
  const { session, ports, secrets } = request;
  const server = `postgres://127.0.0.1:${portOf(ports, 'postgres')}`;
  const maintenance = urlAs(server, 'postgres', secrets.superuser, 'postgres');
  const start = async (spec: ProcessSpec | Promise<ProcessSpec>) =>
    session.supervisor.add(await spec).start(ATTEMPTS);
  let connecting: Promise<void> | undefined;
  const connect = () => (connecting ??= session.steps.run('Kafka Connect', () => start(servers.connect())));
  const startPostgres = session.steps.run('Postgres', async () => {
    await start(servers.postgres(maintenance));
    await ensureDatabase(maintenance);
  });
  const withKafka = async () => {
    await session.steps.run('Kafka', () => start(servers.kafka()));
    // On secured brokers it has no rights before the keeper's `access`: there it starts when somebody asks for it.
    // Elsewhere nobody may be there yet when it fails; whoever needs it hears of that.
    if (!request.options.secured) connect().catch(() => undefined);
  };
  await allOrFirstError([startPostgres, withKafka()]);
  return {
    kafka: `127.0.0.1:${portOf(ports, 'kafka')}`,
    postgres: urlAs(server, 'postgres', secrets.superuser, DATABASE),
    connect: `http://127.0.0.1:${portOf(ports, 'connect')}`,
    connectReady: async () => {
      await connect();
      await session.supervisor.named('connect').ready();
    },
  };
}

/** Waits for all, so that nothing goes on in the background, and then throws the first error. */
async function allOrFirstError(works: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(works);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
}
