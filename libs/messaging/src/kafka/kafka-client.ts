import { logger } from '@millrace/telemetry';
import { Kafka, logLevel, type LogEntry } from 'kafkajs';

/** How to reach the brokers. */
export interface KafkaSettings {
  /** Name that the broker's logs show. */
  readonly clientId: string;
  /** `host:port` pairs. */
  readonly brokers: readonly string[];
}

const log = logger('millrace.kafkajs');

/** A kafkajs client with the fleet's rules: bounded retries, its log in ours, quiet where it only repeats itself. */
export function kafkaClient(settings: KafkaSettings): Kafka {
  return new Kafka({
    clientId: settings.clientId,
    brokers: [...settings.brokers],
    connectionTimeout: 2_000,
    requestTimeout: 15_000,
    enforceRequestTimeout: true,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 5, restartOnFailure: async () => false },
    logLevel: logLevel.WARN,
    logCreator: () => writeLog,
  });
}

function writeLog({ namespace, log: entry }: LogEntry): void {
  // Every state change that matters is logged by our own runtime, in one line.
  log.debug({ namespace, error: entry['error'] as unknown }, entry.message);
}
