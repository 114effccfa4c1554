import { type ConfigOf, flag, kafkaVariables, postgresUrl, readConfig, text } from '@millrace/config';

/** Variables of `keeper access`. */
export const accessVariables = {
  ADMIN_DATABASE_URL: postgresUrl({
    desc: 'the fleet database, as a superuser',
    example: 'postgres://postgres:…@127.0.0.1:5432/millrace',
  }),
  ROLE_PASSWORDS_FILE: text({ desc: 'JSON object with a password for every login role' }),
  KAFKA_ACLS: flag({
    default: false,
    desc: 'also make the access rules of the brokers, where no operator does',
  }),
  ...kafkaVariables({ required: false }),
};

/** Reads the configuration; throws `ConfigError` naming every variable that is missing or malformed. */
export function readAccessConfig(environment?: NodeJS.ProcessEnv): ConfigOf<typeof accessVariables> {
  return readConfig(accessVariables, environment);
}
