import { readConfig, text, type ConfigOf } from '@millrace/config';

/** Variables of `keeper secrets`. */
export const secretsVariables = {
  SECRETS_FOLDER: text({ desc: 'folder with a folder for each reader', example: '/secrets' }),
  DATABASE_ADDRESS: text({ desc: 'host:port of Postgres', example: 'postgres:5432' }),
};

/** Reads the configuration; throws `ConfigError` naming every variable that is missing or malformed. */
export function readSecretsConfig(environment?: NodeJS.ProcessEnv): ConfigOf<typeof secretsVariables> {
  return readConfig(secretsVariables, environment);
}
