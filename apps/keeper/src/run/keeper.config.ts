import {
  kafkaConnectionOf,
  kafkaVariables,
  type KafkaConnection,
  positiveInteger,
  readConfig,
  text,
  url,
  urlsByName,
} from '@millrace/config';
import { keeperDatabaseVariables } from '../database.variables.js';
import { opsTokenClientOf, opsTokenVariables } from '../reconcile/states/ops-token.variables.js';
import type { TokenClient } from '../reconcile/states/ops-token.js';

/** Variables of `keeper run`. */
export const keeperVariables = {
  ...keeperDatabaseVariables,
  CONNECT_URL: url({ desc: "Kafka Connect's REST interface", example: 'http://127.0.0.1:8083' }),
  CONNECTOR_FILE: text({ default: 'deploy/connect/outbox-connector.json', desc: 'connector file' }),
  CONNECTOR_NAME: text({ default: 'millrace-outbox', desc: 'name of the connector' }),
  CAPTURE_SLOT: text({ default: 'millrace', desc: 'replication slot of the connector' }),
  OUTBOX_RETENTION_DAYS: positiveInteger({ default: 7, desc: 'days that outbox rows are kept' }),
  ...kafkaVariables({ required: true }),
  WATCH_EVERY_MS: positiveInteger({ default: 5_000, desc: 'milliseconds between looks at the groups' }),
  RECONCILE_EVERY_MS: positiveInteger({ default: 20_000, desc: 'milliseconds between comparisons' }),
  RECONCILE_WINDOW_MINUTES: positiveInteger({ default: 60, desc: 'minutes of events to compare' }),
  SERVICE_URLS: urlsByName({
    default: new Map<string, string>(),
    desc: 'where the services listen',
    example: 'order=http://127.0.0.1:3000,fraud=http://127.0.0.1:3003',
  }),
  ...opsTokenVariables,
};

/** What `keeper run` reads from its environment, beyond what every service does. */
export interface KeeperConfig {
  /** Connection string of the role millrace_keeper. */
  readonly databaseUrl: string;
  /** Address of Kafka Connect's REST interface. */
  readonly connectUrl: string;
  /** Path of the connector file. @default 'deploy/connect/outbox-connector.json' */
  readonly connectorFile: string;
  /** Name that the connector is registered under. @default 'millrace-outbox' */
  readonly connectorName: string;
  /** Replication slot that must exist before the connector is registered. @default 'millrace' */
  readonly slot: string;
  /** Days that an outbox partition is kept after its last. @default 7 */
  readonly outboxRetentionDays: number;
  /** How to reach the brokers. */
  readonly kafka: KafkaConnection;
  /** Pause between two looks at the consumer groups in milliseconds; they are judged over three of them. @default 5000 */
  readonly watchEveryMs: number;
  /** Pause between two comparisons of outboxes and inboxes in milliseconds. @default 20000 */
  readonly reconcileEveryMs: number;
  /** Minutes of events that each comparison covers. @default 60 */
  readonly reconcileWindowMinutes: number;
  /** Where each service listens, by name; one instance is enough. A service without is not asked, and told when it should be. */
  readonly serviceUrls: ReadonlyMap<string, string>;
  /** How the keeper gets a token for the services; undefined where they ask for none. */
  readonly opsToken: TokenClient | undefined;
}

/** Reads the configuration; throws `ConfigError` naming every variable that is missing or malformed. */
export function readKeeperConfig(environment?: NodeJS.ProcessEnv): KeeperConfig {
  const config = readConfig(keeperVariables, environment);
  return {
    databaseUrl: config.DATABASE_URL,
    connectUrl: config.CONNECT_URL,
    connectorFile: config.CONNECTOR_FILE,
    connectorName: config.CONNECTOR_NAME,
    slot: config.CAPTURE_SLOT,
    outboxRetentionDays: config.OUTBOX_RETENTION_DAYS,
    kafka: kafkaConnectionOf(config),
    watchEveryMs: config.WATCH_EVERY_MS,
    reconcileEveryMs: config.RECONCILE_EVERY_MS,
    reconcileWindowMinutes: config.RECONCILE_WINDOW_MINUTES,
    serviceUrls: config.SERVICE_URLS,
    opsToken: opsTokenClientOf(config),
  };
}
