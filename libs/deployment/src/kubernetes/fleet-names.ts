/** Strimzi's Kafka and KafkaConnect, and what the names of their services and secrets begin with. */
export const KAFKA_CLUSTER = 'millrace';

/** CloudNativePG's cluster. */
export const POSTGRES_CLUSTER = 'millrace-postgres';

/** Kafka's internal listener with TLS and SCRAM. */
export const KAFKA_BOOTSTRAP = `${KAFKA_CLUSTER}-kafka-bootstrap:9093`;

/** Kafka Connect's REST interface, which only the keeper may reach. */
export const CONNECT_URL = `http://${KAFKA_CLUSTER}-connect-api:8083`;

/** Settings that differ from place to place; an overlay makes this ConfigMap. */
export const SETTINGS = 'fleet-settings';

/** ConfigMap that holds the connector file. */
export const CONNECTOR_CONFIG = 'outbox-connector';

/** Port of every program of ours. */
export const HTTP_PORT = 8080;

/** Folder of a container in which its secrets lie, a file each. */
export const SECRETS_FOLDER = '/run/secrets/millrace';

/** Secret with the connection strings of a service: keys `app-url` and `owner-url`. */
export function databaseSecret(service: string): string {
  return `${service}-database`;
}

/** Label that all of a program's pods and none of another's have. */
export function selectorOf(program: string): Readonly<Record<string, string>> {
  return { 'app.kubernetes.io/name': program };
}

/** Labels of a program's resources. */
export function labelsOf(program: string, component: string): Readonly<Record<string, string>> {
  return {
    ...selectorOf(program),
    'app.kubernetes.io/component': component,
    'app.kubernetes.io/part-of': 'millrace',
  };
}
