import { type ConfigOf, kafkaVariables, readConfig, text } from '@millrace/config';
import { adminDatabaseVariables } from '../../database.variables.js';

/** Variables of `keeper capture`. */
export const captureVariables = {
  ...adminDatabaseVariables,
  ...kafkaVariables({ required: true }),
  CAPTURE_SLOT: text({ default: 'millrace', desc: 'replication slot, unique on the server' }),
  MILLRACE_TOPIC_PREFIX: text({ default: 'millrace', desc: "the connector's topic.prefix" }),
};

/** Reads the configuration; throws `ConfigError` naming every variable that is missing or malformed. */
export function readCaptureConfig(environment?: NodeJS.ProcessEnv): ConfigOf<typeof captureVariables> {
  return readConfig(captureVariables, environment);
}
