import { postgresUrl, readConfig } from '@millrace/config';
import { ownerRole } from '@millrace/contracts';

/** Variables of a service's migrations. */
export function migrateVariables(name: string) {
  return {
    DATABASE_URL: postgresUrl({
      desc: `database, as the role ${ownerRole(name)}`,
      example: `postgres://${ownerRole(name)}:…@127.0.0.1:5432/millrace`,
    }),
  };
}

/** Reads where the migrations of a service run; throws `ConfigError` when that is missing or malformed. */
export function readMigrateUrl(name: string, environment?: NodeJS.ProcessEnv): string {
  return readConfig(migrateVariables(name), environment).DATABASE_URL;
}
