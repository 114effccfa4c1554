import {
  kafkaConnectionOf,
  kafkaVariables,
  port,
  positiveInteger,
  postgresUrl,
  readConfig,
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
  /** Milliseconds to wait for a connection, one of the pool's or a new one. @default 5_000 */
  readonly databaseConnectTimeoutMs: number;
  /** How to reach the brokers; without any for a service that consumes nothing and was given none. */
  readonly kafka: KafkaConnection;
  /** Replication slot that capture reads from. @default 'millrace' */
  readonly captureSlot: string;
  /** Who may call, and how often. */
  readonly security: SecurityConfig;
}

/** Variables of a program that runs until it is stopped: a service of the topology, or one beside it. */
export function serviceVariables(name: string, preferredPort?: number) {
  const service = topology.find((each) => each.name === name);
  const listenOn = preferredPort ?? service?.port;
  const url = {
    desc: 'database of this service',
    example: `postgres://${name}_app:…@127.0.0.1:5432/millrace`,
  };
  return {
    HOST: text({ default: '127.0.0.1', desc: 'address to listen on' }),
    PORT: port({ ...(listenOn === undefined ? {} : { default: listenOn }), desc: 'port to listen on' }),
    DATABASE_URL: postgresUrl(service ? url : { ...url, default: '' }),
    DATABASE_POOL_SIZE: positiveInteger({ default: 10, desc: 'connections at most' }),
    DATABASE_CONNECT_TIMEOUT_MS: positiveInteger({
      default: 5_000,
      desc: 'milliseconds to wait for a connection, one of the pool or a new one',
    }),
    ...kafkaVariables({ required: (service?.consumes.length ?? 0) > 0 }),
    CAPTURE_SLOT: text({ default: 'millrace', desc: 'replication slot of the connector' }),
  };
}

/** Reads a service's configuration; throws `ConfigError` naming every variable that is missing or malformed. */
export function readServiceConfig(
  name: string,
  preferredPort?: number,
  environment?: NodeJS.ProcessEnv,
): ServiceConfig {
  const { service, security } = readTogether({
    service: () => readConfig(serviceVariables(name, preferredPort), environment),
    security: () => readSecurityConfig(environment),
  });
  return {
    host: service.HOST,
    port: service.PORT,
    databaseUrl: service.DATABASE_URL,
    databasePoolSize: service.DATABASE_POOL_SIZE,
    databaseConnectTimeoutMs: service.DATABASE_CONNECT_TIMEOUT_MS,
    kafka: kafkaConnectionOf(service),
    captureSlot: service.CAPTURE_SLOT,
    security,
  };
}
