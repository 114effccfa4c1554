import { type ConfigOf, kafkaVariables, readConfig, text, url } from '@millrace/config';
import { adminDatabaseVariables } from '../../database.variables.js';

/** Variables of `keeper recover`. */
export const recoverVariables = {
  ...adminDatabaseVariables,
  ...kafkaVariables({ required: true }),
  CONNECT_URL: url({ desc: "Kafka Connect's REST interface", example: 'http://127.0.0.1:8083' }),
  CONNECTOR_NAME: text({ default: 'millrace-outbox', desc: 'name of the connector' }),
  CAPTURE_SLOT: text({ default: 'millrace', desc: 'replication slot of the connector' }),
};

/** Reads the configuration; throws `ConfigError` naming every variable that is missing or malformed. */
export function readRecoverConfig(environment?: NodeJS.ProcessEnv): ConfigOf<typeof recoverVariables> {
  return readConfig(recoverVariables, environment);
}
