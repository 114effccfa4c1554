import { type ConfigOf, kafkaVariables, postgresUrl, readConfig, text } from '@millrace/config';

/** Variables of `keeper capture`. */
export const captureVariables = {
  ADMIN_DATABASE_URL: postgresUrl({
    desc: 'the fleet database, as a superuser',
    example: 'postgres://postgres:…@127.0.0.1:5432/millrace',
  }),
  ...kafkaVariables({ required: true }),
  CAPTURE_SLOT: text({ default: 'millrace', desc: 'replication slot, unique on the server' }),
  MILLRACE_TOPIC_PREFIX: text({ default: 'millrace', desc: "the connector's topic.prefix" }),
};

/** Reads the configuration; throws `ConfigError` naming every variable that is missing or malformed. */
export function readCaptureConfig(environment?: NodeJS.ProcessEnv): ConfigOf<typeof captureVariables> {
  return readConfig(captureVariables, environment);
}
