import { brokerList, postgresUrl, readConfig, url, type ConfigOf } from '@millrace/config';

/** Variables of `npm start -- --stack external`. */
export const externalVariables = {
  EXTERNAL_POSTGRES_URL: postgresUrl({ desc: 'a superuser of a Postgres of at least version 18' }),
  EXTERNAL_KAFKA_BROKERS: brokerList({ desc: 'the brokers, host:port' }),
  EXTERNAL_CONNECT_URL: url({ desc: 'the Kafka Connect worker with the Debezium Postgres connector' }),
};

/** Reads the configuration; throws `ConfigError` naming every variable that is missing or malformed. */
export function readExternalConfig(environment?: NodeJS.ProcessEnv): ConfigOf<typeof externalVariables> {
  return readConfig(externalVariables, environment);
}
