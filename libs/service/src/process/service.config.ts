import { brokerList, port, positiveInteger, postgresUrl, readConfig, text } from '@millrace/config';
import { topology } from '@millrace/contracts';

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
  /** Brokers as host:port; empty for a service that consumes nothing and was given none. */
  readonly brokers: readonly string[];
  /** Replication slot that capture reads from. @default 'millrace' */
  readonly captureSlot: string;
}

/** Variables of a program that runs until it is stopped: a service of the topology, or one beside it. */
export function serviceVariables(name: string, preferredPort?: number) {
  const service = topology.find((each) => each.name === name);
  const listenOn = preferredPort ?? service?.port;
  const url = {
    desc: 'database of this service',
    example: `postgres://${name}_app:…@127.0.0.1:5432/millrace`,
  };
  const brokers = { desc: 'Kafka brokers', example: '127.0.0.1:9092' };
  return {
    HOST: text({ default: '127.0.0.1', desc: 'address to listen on' }),
    PORT: port({ ...(listenOn === undefined ? {} : { default: listenOn }), desc: 'port to listen on' }),
    DATABASE_URL: postgresUrl(service ? url : { ...url, default: '' }),
    DATABASE_POOL_SIZE: positiveInteger({ default: 10, desc: 'connections at most' }),
    KAFKA_BROKERS: brokerList(service?.consumes.length ? brokers : { ...brokers, default: [] }),
    CAPTURE_SLOT: text({ default: 'millrace', desc: 'replication slot of the connector' }),
  };
}

/** Reads a service's configuration; throws `ConfigError` naming every variable that is missing or malformed. */
export function readServiceConfig(
  name: string,
  preferredPort?: number,
  environment?: NodeJS.ProcessEnv,
): ServiceConfig {
  const config = readConfig(serviceVariables(name, preferredPort), environment);
  return {
    host: config.HOST,
    port: config.PORT,
    databaseUrl: config.DATABASE_URL,
    databasePoolSize: config.DATABASE_POOL_SIZE,
    brokers: config.KAFKA_BROKERS,
    captureSlot: config.CAPTURE_SLOT,
  };
}
