import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectAnswers } from '../jvm/connect-worker.js';
import { propertiesText } from '../jvm/jvm-launch.js';
import { kafkaAnswers } from '../jvm/kafka-probe.js';
import { brokerProperties } from '../jvm/kafka-properties.js';
import { answers, DATABASE } from '../postgres/admin-database.js';
import { postgresSettings, settingArguments } from '../postgres/postgres-settings.js';
import type { ContainerSpec } from './container-process.js';

/** Images of the servers, the same as in docker-compose.yml. */
export const IMAGES = {
  postgres: 'postgres:18',
  kafka: 'apache/kafka:4.3.1',
  connect: 'quay.io/debezium/connect:3.6.3.Final',
} as const;

/** Where a server in a container belongs. */
export interface ServerPlace {
  readonly stack: string;
  readonly logFile: string;
  /** Port on 127.0.0.1. */
  readonly port: number;
}

const READY_WITHIN_MS = 180_000;

/** Postgres with the settings of the embedded one; `url` leads to its superuser. */
export function postgresContainer(place: ServerPlace, password: string, url: string): ContainerSpec {
  const { unix_socket_directories: _, ...settings } = postgresSettings;
  return {
    ...place,
    name: 'postgres',
    image: IMAGES.postgres,
    ports: { 5432: place.port },
    keeps: '/var/lib/postgresql',
    environment: { POSTGRES_PASSWORD: password, POSTGRES_DB: DATABASE },
    args: ['postgres', ...settingArguments({ ...settings, listen_addresses: '*' })],
    probe: () => answers(url),
    stopSteps: [{ signal: 'SIGINT', graceMs: 8_000 }],
    readyWithinMs: READY_WITHIN_MS,
  };
}

/**
 * What the container runs: the image's own start script takes its settings one by one from the environment; this takes
 * them as they stand, and data that an earlier container has formatted.
 */
const RUN_BROKER = [
  `printf '%s' "$BROKER_PROPERTIES" > /tmp/broker.properties`,
  '/opt/kafka/bin/kafka-storage.sh format --ignore-formatted --cluster-id=bWlsbHJhY2UtbG9jYWwtMQ --config=/tmp/broker.properties',
  `exec java -Xmx384m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:+ExitOnOutOfMemoryError -cp '/opt/kafka/libs/*' -Dlog4j2.configurationFile=/etc/kafka/docker/log4j2.yaml kafka.Kafka /tmp/broker.properties`,
].join(' && ');

/** Kafka with the settings of the embedded broker, and a listener of its own for the network of the containers. */
export function kafkaContainer(place: ServerPlace): ContainerSpec {
  const properties = {
    ...brokerProperties({ data: '/var/lib/kafka/data', port: place.port, controllerPort: 9_093 }),
    'controller.quorum.voters': '1@localhost:9093',
    listeners: 'FLEET://:9092,CONTROLLER://localhost:9093,HOST://:19092',
    'advertised.listeners': `FLEET://kafka:9092,HOST://127.0.0.1:${place.port}`,
    'inter.broker.listener.name': 'FLEET',
    'listener.security.protocol.map': 'FLEET:PLAINTEXT,CONTROLLER:PLAINTEXT,HOST:PLAINTEXT',
  };
  return {
    ...place,
    name: 'kafka',
    image: IMAGES.kafka,
    ports: { 19092: place.port },
    keeps: '/var/lib/kafka/data',
    environment: { BROKER_PROPERTIES: propertiesText(properties) },
    args: ['bash', '-c', RUN_BROKER],
    probe: () => kafkaAnswers(place.port),
    stopSteps: [{ signal: 'SIGTERM', graceMs: 12_000 }],
    readyWithinMs: READY_WITHIN_MS,
  };
}

/** A Connect worker with deploy/connect/worker.properties; `capture` is what the connector file reads. */
export function connectContainer(
  place: ServerPlace,
  root: string,
  capture: Readonly<Record<string, string>>,
): ContainerSpec {
  return {
    ...place,
    name: 'connect',
    image: IMAGES.connect,
    ports: { 8083: place.port },
    environment: { ...workerEnvironment(root), ADVERTISED_HOST_NAME: 'connect', ...capture },
    probe: () => connectAnswers(`http://127.0.0.1:${place.port}`),
    stopSteps: [{ signal: 'SIGTERM', graceMs: 12_000 }],
    readyWithinMs: 240_000,
  };
}

/** Properties that the image takes without a prefix; with one, its defaults would win. */
const PLAIN = new Set(['key.converter', 'value.converter', 'offset.flush.interval.ms']);

function workerEnvironment(root: string): Record<string, string> {
  const text = readFileSync(join(root, 'deploy', 'connect', 'worker.properties'), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const properties = lines.map((line) => [
    line.slice(0, line.indexOf('=')),
    line.slice(line.indexOf('=') + 1),
  ]);
  const [plain, prefixed] = [true, false].map((wanted) =>
    Object.fromEntries(properties.filter(([name = '']) => PLAIN.has(name) === wanted)),
  );
  return {
    BOOTSTRAP_SERVERS: 'kafka:9092',
    GROUP_ID: 'millrace-connect',
    CONFIG_STORAGE_TOPIC: '_connect-configs',
    OFFSET_STORAGE_TOPIC: '_connect-offsets',
    STATUS_STORAGE_TOPIC: '_connect-status',
    HEAP_OPTS: '-Xms256m -Xmx512m',
    ...variables('', plain ?? {}),
    ...variables('CONNECT_', {
      ...prefixed,
      'config.storage.replication.factor': '1',
      'offset.storage.replication.factor': '1',
      'offset.storage.partitions': '3',
      'status.storage.replication.factor': '1',
      'status.storage.partitions': '3',
    }),
  };
}

/** Properties as the image takes them: `topic.creation.enable` is `CONNECT_TOPIC_CREATION_ENABLE`. */
function variables(prefix: string, properties: Readonly<Record<string, string>>): Record<string, string> {
  const pairs = Object.entries(properties).map(
    ([name, value]) => [`${prefix}${name.replaceAll('.', '_').toUpperCase()}`, value] as const,
  );
  return Object.fromEntries(pairs);
}
