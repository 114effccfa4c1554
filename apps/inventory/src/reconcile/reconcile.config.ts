import { postgresUrl, readConfig, type ConfigOf } from '@millrace/config';

/** Variables of a reconciliation by hand. */
export const reconcileVariables = {
  DATABASE_URL: postgresUrl({
    desc: 'database of the inventory service',
    example: 'postgres://inventory_app:…@127.0.0.1:5432/millrace',
  }),
};

/** Reads the configuration; throws `ConfigError` when a variable is missing or malformed. */
export function readReconcileConfig(environment?: NodeJS.ProcessEnv): ConfigOf<typeof reconcileVariables> {
  return readConfig(reconcileVariables, environment);
}
