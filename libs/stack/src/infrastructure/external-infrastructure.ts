import { connectAnswers } from '../jvm/connect-worker.js';
import { kafkaAnswers } from '../jvm/kafka-probe.js';
import { DATABASE, ensureDatabase, serverFacts } from '../postgres/admin-database.js';
import { until } from '../processes/until.js';
import { messageOf, StackError } from '../stack.error.js';
import { readExternalConfig } from './external.config.js';
import type { Infrastructure, InfrastructureRequest } from './infrastructure.js';

const LEAST_VERSION = 180_000;
const CONNECT_WITHIN_MS = 120_000;

/** Uses what the EXTERNAL_… variables name; throws `StackError` EXTERNAL when one is missing, too old or silent. */
export async function externalInfrastructure(request: InfrastructureRequest): Promise<Infrastructure> {
  const config = readExternal();
  const database = new URL(config.EXTERNAL_POSTGRES_URL);
  database.pathname = `/${DATABASE}`;
  await request.session.steps.run('external Postgres', () => checkPostgres(config.EXTERNAL_POSTGRES_URL));
  await request.session.steps.run('external Kafka', () => checkKafka(config.EXTERNAL_KAFKA_BROKERS[0] ?? ''));
  return {
    kafka: config.EXTERNAL_KAFKA_BROKERS.join(','),
    postgres: database.href,
    connect: config.EXTERNAL_CONNECT_URL,
    connectReady: async () => {
      const ready = () => connectAnswers(config.EXTERNAL_CONNECT_URL).catch(() => false);
      if (await until(ready, CONNECT_WITHIN_MS, 500)) return;
      throw new StackError(
        'EXTERNAL',
        `Kafka Connect at ${config.EXTERNAL_CONNECT_URL} does not list its connectors: start it.`,
      );
    },
  };
}

function readExternal() {
  try {
    return readExternalConfig();
  } catch (error) {
    throw new StackError('EXTERNAL', messageOf(error));
  }
}

async function checkPostgres(server: string): Promise<void> {
  const facts = await serverFacts(server).catch((error: unknown) => {
    throw new StackError('EXTERNAL', `EXTERNAL_POSTGRES_URL cannot be used: ${messageOf(error)}.`);
  });
  if (facts.version < LEAST_VERSION) {
    throw new StackError(
      'EXTERNAL',
      'EXTERNAL_POSTGRES_URL leads to a Postgres older than 18: use a newer one.',
    );
  }
  if (facts.walLevel !== 'logical') {
    throw new StackError(
      'EXTERNAL',
      'The external Postgres needs wal_level = logical: set it and restart the server.',
    );
  }
  await ensureDatabase(server);
}

async function checkKafka(broker: string): Promise<void> {
  const [host = '', port = ''] = broker.split(':');
  const answered = await kafkaAnswers(Number(port), host).catch(() => false);
  if (!answered) {
    throw new StackError('EXTERNAL', `No Kafka broker answers at ${broker}: check EXTERNAL_KAFKA_BROKERS.`);
  }
}
