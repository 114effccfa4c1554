import { CONNECT_PRINCIPAL } from '@millrace/contracts';
import { connectWorker } from '../jvm/connect-worker.js';
import { jarFolder, STACK_JARS } from '../jvm/jars.js';
import { findJava } from '../jvm/java.js';
import { kafkaBroker } from '../jvm/kafka-broker.js';
import { postgresServer } from '../postgres/postgres-server.js';
import { bringUp } from './bring-up.js';
import { captureEnvironment } from './capture-environment.js';
import { type Infrastructure, type InfrastructureRequest, portOf } from './infrastructure.js';

/** Postgres from npm, Kafka and Connect on this machine's Java. */
export async function embeddedInfrastructure(request: InfrastructureRequest): Promise<Infrastructure> {
  const { options, session, ports, secrets } = request;
  const java = { ...(await javaParts(request)), root: options.root };
  const postgres = (url: string) => {
    const place = { dataFolder: session.data('postgres'), logFile: session.log('postgres'), url };
    return postgresServer(
      { ...place, port: portOf(ports, 'postgres'), password: secrets.superuser },
      session.ledger,
    );
  };
  const kafka = () => {
    const place = { ...java, folder: session.data('kafka'), logFile: session.log('kafka') };
    const [port, controllerPort] = [portOf(ports, 'kafka'), portOf(ports, 'kafka-controller')];
    const users = options.secured ? { users: secrets.principals } : {};
    return kafkaBroker({ ...place, ...users, port, controllerPort }, session.ledger);
  };
  const connect = () =>
    connectWorker({
      ...java,
      folder: session.data('connect'),
      logFile: session.log('connect'),
      port: portOf(ports, 'connect'),
      kafka: `127.0.0.1:${portOf(ports, 'kafka')}`,
      ...(options.secured
        ? { login: { name: CONNECT_PRINCIPAL, password: secrets.principals[CONNECT_PRINCIPAL] ?? '' } }
        : {}),
      environment: captureEnvironment(request, '127.0.0.1', portOf(ports, 'postgres')),
    });
  return bringUp(request, { postgres, kafka, connect });
}

async function javaParts({ options, session }: InfrastructureRequest) {
  const { command } = await findJava();
  const onProgress = (step: string) => session.steps.say(step);
  const jars = await jarFolder(
    STACK_JARS,
    { root: options.root, logFile: session.log('maven'), onProgress },
    session.ledger,
  );
  return { java: command, jars };
}
