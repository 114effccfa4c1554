import { logger } from '@millrace/telemetry';
import { Kafka, logLevel, type KafkaConfig, type LogEntry } from 'kafkajs';

/** How to reach the brokers. */
export interface KafkaSettings {
  /** Name that the broker's logs show. */
  readonly clientId: string;
  /** `host:port` pairs. */
  readonly brokers: readonly string[];
  /** Name and password for SCRAM-SHA-512. @default none: brokers that ask nobody */
  readonly sasl?: { readonly username: string; readonly password: string };
  /** PEM texts; an empty object trusts the authorities that Node knows. @default no encryption */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}

const log = logger('millrace.kafkajs');

/** A kafkajs client with the fleet's rules: bounded retries, its log in ours, quiet where it only repeats itself. */
export function kafkaClient(settings: KafkaSettings): Kafka {
  return new Kafka({
    clientId: settings.clientId,
    brokers: [...settings.brokers],
    ...securityOf(settings),
    connectionTimeout: 2_000,
    requestTimeout: 15_000,
    enforceRequestTimeout: true,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 5, restartOnFailure: async () => false },
    logLevel: logLevel.WARN,
    logCreator: () => writeLog,
  });
}

function securityOf({ sasl, tls }: KafkaSettings): Pick<KafkaConfig, 'sasl' | 'ssl'> {
  return {
    ...(sasl === undefined ? {} : { sasl: { mechanism: 'scram-sha-512', ...sasl } }),
    ...(tls === undefined ? {} : { ssl: { ...tls } }),
  };
}

function writeLog({ namespace, log: entry }: LogEntry): void {
  // Every state change that matters is logged by our own runtime, in one line.
  log.debug({ namespace, error: entry['error'] as unknown }, entry.message);
}
