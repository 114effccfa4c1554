import type {
  IKafkaConnect,
  IKafkaConnector,
} from '@kubernetes-models/strimzi-kafka-operator/kafka.strimzi.io/v1';
import { CONNECT_GROUP, CONNECT_PRINCIPAL, CONNECT_TOPICS, TOPIC_PREFIX } from '@millrace/contracts';
import { KAFKA_BOOTSTRAP, KAFKA_CLUSTER, POSTGRES_CLUSTER } from '../kubernetes/fleet-names.js';

const DEBEZIUM = '3.6.3.Final';
const REPLICATION = 3;

/** How often Kafka Connect's own topics are kept; the rest of its settings is in deploy/connect/worker.properties. */
const STORAGE = Object.fromEntries(
  Object.keys(CONNECT_TOPICS).map((kind) => [`${kind}.storage.replication.factor`, REPLICATION]),
);

/**
 * The Kafka Connect workers with Debezium. The keeper registers the connector, as everywhere: it waits for publication
 * and slot, which an operator does not (ADR 0030), so there is no annotation `use-connector-resources`.
 */
export function kafkaConnect(worker: Readonly<Record<string, string>>): IKafkaConnect {
  return {
    apiVersion: 'kafka.strimzi.io/v1',
    kind: 'KafkaConnect',
    metadata: { name: KAFKA_CLUSTER },
    spec: {
      replicas: 2,
      bootstrapServers: KAFKA_BOOTSTRAP,
      groupId: CONNECT_GROUP,
      configStorageTopic: CONNECT_TOPICS.config.name,
      offsetStorageTopic: CONNECT_TOPICS.offset.name,
      statusStorageTopic: CONNECT_TOPICS.status.name,
      tls: { trustedCertificates: [{ secretName: `${KAFKA_CLUSTER}-cluster-ca-cert`, pattern: '*.crt' }] },
      authentication: {
        type: 'scram-sha-512',
        username: CONNECT_PRINCIPAL,
        passwordSecret: { secretName: CONNECT_PRINCIPAL, password: 'password' },
      },
      config: { ...worker, ...STORAGE },
      build: BUILD,
      resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { memory: '1Gi' } },
      jvmOptions: { '-Xms': '512m', '-Xmx': '512m' },
      template: { connectContainer: { env: connectorEnvironment() } },
    },
  };
}

/** Where the built image lies; an overlay names the registry. */
const BUILD: NonNullable<IKafkaConnect['spec']['build']> = {
  output: {
    type: 'docker',
    image: 'millrace/connect:dev',
    pushSecret: 'registry-push',
  },
  plugins: [
    {
      name: 'debezium-postgres',
      artifacts: [
        { type: 'maven', group: 'io.debezium', artifact: 'debezium-connector-postgres', version: DEBEZIUM },
      ],
    },
  ],
};

/** What the connector file reads by `${env:…}`. */
function connectorEnvironment() {
  const values = {
    MILLRACE_DATABASE_HOST: `${POSTGRES_CLUSTER}-rw`,
    MILLRACE_DATABASE_PORT: '5432',
    MILLRACE_DATABASE_NAME: 'millrace',
    MILLRACE_CAPTURE_USER: 'millrace_capture',
    MILLRACE_CAPTURE_SLOT: 'millrace',
    MILLRACE_TOPIC_PREFIX: TOPIC_PREFIX,
    MILLRACE_CAPTURE_POLL_MS: '5',
  };
  return [
    ...Object.entries(values).map(([name, value]) => ({ name, value })),
    {
      name: 'MILLRACE_CAPTURE_PASSWORD',
      valueFrom: { secretKeyRef: { name: 'capture-database', key: 'password' } },
    },
  ];
}

/** The connector as a resource, for platforms that let nobody but the operator write to Kafka Connect. */
export function kafkaConnector(connector: Readonly<Record<string, string>>): IKafkaConnector {
  const { 'connector.class': connectorClass, 'tasks.max': tasks, ...config } = connector;
  return {
    apiVersion: 'kafka.strimzi.io/v1',
    kind: 'KafkaConnector',
    metadata: { name: 'millrace-outbox', labels: { 'strimzi.io/cluster': KAFKA_CLUSTER } },
    spec: {
      ...(connectorClass === undefined ? {} : { class: connectorClass }),
      tasksMax: Number(tasks),
      autoRestart: { enabled: true },
      config,
    },
  };
}
