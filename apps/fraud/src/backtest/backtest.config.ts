import { kafkaVariables, postgresUrl, readConfig, type ConfigOf } from '@millrace/config';

/** Variables of a back-test. */
export const backtestVariables = {
  DATABASE_URL: postgresUrl({ desc: 'database, as the role of the service' }),
  ...kafkaVariables({ required: true }),
};

/** Reads the configuration; throws `ConfigError` naming every variable that is missing or malformed. */
export function readBacktestConfig(environment?: NodeJS.ProcessEnv): ConfigOf<typeof backtestVariables> {
  return readConfig(backtestVariables, environment);
}
