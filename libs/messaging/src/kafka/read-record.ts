import { randomUUID } from 'node:crypto';
import type { BrokerRecord } from '../ports/broker.port.js';
import { brokerRecordOf } from './broker-record.js';
import { kafkaClient } from './kafka-client.js';

/** What to look for on a topic. */
export interface RecordSearch {
  /** `host:port` pairs. */
  readonly brokers: readonly string[];
  readonly topic: string;
  /** Told of each record in turn, from the beginning of the topic; true ends the search. */
  readonly matches: (record: BrokerRecord) => boolean;
  /** Milliseconds until the search gives up. */
  readonly timeoutMs: number;
}

/**
 * Reads a topic from its beginning, in a group of its own that commits nothing, until a record matches.
 * Resolves with undefined when none did in time.
 */
export async function readRecord(search: RecordSearch): Promise<BrokerRecord | undefined> {
  const kafka = kafkaClient({ clientId: 'millrace-reader', brokers: search.brokers });
  const consumer = kafka.consumer({
    groupId: `millrace-reader-${randomUUID()}`,
    allowAutoTopicCreation: false,
    maxWaitTimeInMs: 100,
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [search.topic], fromBeginning: true });
    return await new Promise<BrokerRecord | undefined>((resolve, reject) => {
      timer = setTimeout(() => resolve(undefined), search.timeoutMs);
      consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
      consumer
        .run({
          autoCommit: false,
          eachMessage: async ({ topic, partition, message }) => {
            const record = brokerRecordOf(topic, partition, message);
            if (search.matches(record)) resolve(record);
          },
        })
        .catch(reject);
    });
  } finally {
    clearTimeout(timer);
    await consumer.disconnect();
  }
}
