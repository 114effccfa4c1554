import { DATABASE } from '../postgres/admin-database.js';
import { CAPTURE_ROLE } from '../stack/secrets.js';
import type { InfrastructureRequest } from './infrastructure.js';

const TOPIC_PREFIX = 'millrace';
/** How long in milliseconds the connector waits between looks at the log; its default of 500 dominates the latency. */
const CAPTURE_POLL_MS = '10';

/** The `MILLRACE_…` variables of the connector file; host and port are Postgres as the worker sees it. */
export function captureEnvironment(
  { options, secrets }: InfrastructureRequest,
  host: string,
  port: number,
): Record<string, string> {
  return {
    MILLRACE_DATABASE_HOST: host,
    MILLRACE_DATABASE_PORT: String(port),
    MILLRACE_DATABASE_NAME: DATABASE,
    MILLRACE_CAPTURE_USER: CAPTURE_ROLE,
    MILLRACE_CAPTURE_PASSWORD: secrets.roles[CAPTURE_ROLE] ?? '',
    MILLRACE_CAPTURE_SLOT: options.slot,
    MILLRACE_TOPIC_PREFIX: TOPIC_PREFIX,
    MILLRACE_CAPTURE_POLL_MS: CAPTURE_POLL_MS,
  };
}
