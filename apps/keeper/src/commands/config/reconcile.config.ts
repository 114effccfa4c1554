import {
  kafkaVariables,
  positiveInteger,
  readConfig,
  text,
  type ConfigOf,
  urlsByName,
} from '@millrace/config';
import { keeperDatabaseVariables } from '../../database.variables.js';
import { opsTokenVariables } from '../../reconcile/states/ops-token.variables.js';

/** Variables of `keeper reconcile`. */
export const reconcileVariables = {
  ...keeperDatabaseVariables,
  ...kafkaVariables({ required: true }),
  SERVICE_URLS: urlsByName({
    desc: 'where the services listen',
    example: 'order=http://127.0.0.1:3000,fraud=http://127.0.0.1:3003',
  }),
  ...opsTokenVariables,
  CAPTURE_SLOT: text({ default: 'millrace', desc: 'replication slot of the connector' }),
  RECONCILE_WINDOW_MINUTES: positiveInteger({ default: 60, desc: 'minutes of events to compare' }),
};

/** Reads the configuration; throws `ConfigError` naming every variable that is missing or malformed. */
export function readReconcileConfig(environment?: NodeJS.ProcessEnv): ConfigOf<typeof reconcileVariables> {
  return readConfig(reconcileVariables, environment);
}
