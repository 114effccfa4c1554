import { OrderCreated, schemaOf } from '@millrace/contracts';
import type { ConsumerRunConfig, Kafka, KafkaConfig } from 'kafkajs';
import { Pool } from 'pg';
import { InboxClaim } from './inbox-claim.js';

/** What a plain consumer is started with. */
export interface PlainConsumerTask {
  readonly kafka: string;
  /** Connection string of the role of the service whose tables it uses. */
  readonly database: string;
}

/** kafkajs' `logLevel.ERROR`. */
const ERRORS_ONLY = 1;

/** Consumes `order.created` as a group: a kafkajs loop over the runtime's inbox statement and a pool as ours. */
export async function consumePlainly(
  { kafka, database }: PlainConsumerTask,
  group: string,
  newClient: (config: KafkaConfig) => Pick<Kafka, 'consumer'>,
  loop: (inbox: InboxClaim) => ConsumerRunConfig,
): Promise<{ close(): Promise<void> }> {
  const pool = new Pool({
    connectionString: database,
    max: 10,
    options: `-c search_path=${schemaOf(group)} -c timezone=UTC`,
  });
  const client = newClient({ clientId: group, brokers: [kafka], logLevel: ERRORS_ONLY });
  const consumer = client.consumer({ groupId: group, allowAutoTopicCreation: false });
  await consumer.connect();
  await consumer.subscribe({ topics: [OrderCreated.topic], fromBeginning: true });
  await consumer.run({ partitionsConsumedConcurrently: 6, ...loop(new InboxClaim(pool, group)) });
  return {
    close: async () => {
      await consumer.disconnect();
      await pool.end();
    },
  };
}
