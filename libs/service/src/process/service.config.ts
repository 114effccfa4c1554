import {
  port,
  positiveInteger,
  postgresUrl,
  readConfig,
  readKafkaConnection,
  readTogether,
  text,
  type KafkaConnection,
} from '@millrace/config';
import { topology } from '@millrace/contracts';
import { readSecurityConfig, type SecurityConfig } from '../security/security.config.js';

/** What every service reads from its environment. */
export interface ServiceConfig {
  /** Address to listen on. @default '127.0.0.1' */
  readonly host: string;
  /** Port to listen on. @default the topology's */
  readonly port: number;
  /** Connection string of the service's role; empty for a program without a schema. */
  readonly databaseUrl: string;
  /** Connections at most. @default 10 */
  readonly databasePoolSize: number;
  /** How to reach the brokers; without any for a service that consumes nothing and was given none. */
  readonly kafka: KafkaConnection;
  /** Replication slot that capture reads from. @default 'millrace' */
  readonly captureSlot: string;
  /** Who may call, and how often. */
  readonly security: SecurityConfig;
}

/** Reads a service's configuration; throws `ConfigError` naming every variable that is missing or malformed. */
export function readServiceConfig(
  name: string,
  preferredPort?: number,
  environment?: NodeJS.ProcessEnv,
): ServiceConfig {
  const service = topology.find((each) => each.name === name);
  const consumes = (service?.consumes.length ?? 0) > 0;
  const { process, kafka, security } = readTogether({
    process: () =>
      readConfig(processVariables(name, preferredPort ?? service?.port, service !== undefined), environment),
    kafka: () => readKafkaConnection({ required: consumes }, environment),
    security: () => readSecurityConfig(environment),
  });
  return {
    host: process.HOST,
    port: process.PORT,
    databaseUrl: process.DATABASE_URL,
    databasePoolSize: process.DATABASE_POOL_SIZE,
    captureSlot: process.CAPTURE_SLOT,
    kafka,
    security,
  };
}

function processVariables(name: string, listenOn: number | undefined, hasSchema: boolean) {
  const url = {
    desc: 'database of this service',
    example: `postgres://${name}_app:…@127.0.0.1:5432/millrace`,
  };
  return {
    HOST: text({ default: '127.0.0.1' }),
    PORT: port({ ...(listenOn === undefined ? {} : { default: listenOn }), desc: 'port to listen on' }),
    DATABASE_URL: postgresUrl(hasSchema ? url : { ...url, default: '' }),
    DATABASE_POOL_SIZE: positiveInteger({ default: 10 }),
    CAPTURE_SLOT: text({ default: 'millrace' }),
  };
}
