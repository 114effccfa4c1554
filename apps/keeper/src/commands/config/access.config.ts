import { type ConfigOf, flag, kafkaVariables, readConfig, text } from '@millrace/config';
import { adminDatabaseVariables } from '../../database.variables.js';

/** Variables of `keeper access`. */
export const accessVariables = {
  ...adminDatabaseVariables,
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
