import { setTimeout as pause } from 'node:timers/promises';
import { EventHeader, OrderCreated, schemaOf } from '@millrace/contracts';
import type { Kafka, KafkaConfig, KafkaMessage } from 'kafkajs';
import { Pool } from 'pg';
import type { DrainMeasure, DrainTask } from '../drain/drain-task.js';
import { DrainWatch } from '../drain/drain-watch.js';
import { InboxClaim } from './inbox-claim.js';

/** Events of one transaction at most, as ours. */
const BATCH = 500;

/** kafkajs' `logLevel.ERROR`. */
const ERRORS_ONLY = 1;

/** Makes a client, of kafkajs as it is published or as we patch it. */
export type ClientMaker = (config: KafkaConfig) => Kafka;

/**
 * The peer: kafkajs' `eachBatch` as its documentation shows it, all partitions at once, on a bare `pg` pool. Each
 * slice of a batch is one transaction with the inbox statement; offsets are committed after the batch. No retries, no
 * dead letters, no contracts, no traces.
 */
export async function drainByEachBatch(task: DrainTask, client: ClientMaker): Promise<DrainMeasure> {
  const watch = await DrainWatch.ready(task);
  const pool = new Pool({
    connectionString: task.database,
    max: task.poolSize,
    options: `-c search_path=${schemaOf(task.group)} -c timezone=UTC`,
  });
  const inbox = new InboxClaim(pool, task.group);
  const kafka = client({ clientId: task.group, brokers: [task.kafka], logLevel: ERRORS_ONLY });
  const consumer = kafka.consumer({ groupId: task.group, allowAutoTopicCreation: false });
  await consumer.connect();
  await consumer.subscribe({ topics: [OrderCreated.topic], fromBeginning: true });
  await consumer.run({
    partitionsConsumedConcurrently: task.backlog.length,
    eachBatch: async ({ batch, resolveOffset, heartbeat, isRunning, isStale }) => {
      watch.fetched();
      for (let from = 0; from < batch.messages.length && isRunning() && !isStale(); from += BATCH) {
        const slice = batch.messages.slice(from, from + BATCH);
        const fresh = await inbox.claim(slice.map(eventOf), async () => {
          if (batch.partition === task.slow?.partition) await pause(task.slow.perBatchMs);
        });
        watch.committed(batch.partition, fresh);
        resolveOffset(slice.at(-1)?.offset ?? batch.lastOffset());
        await heartbeat();
      }
    },
    eachBatchAutoResolve: false,
  });
  await watch.drained;
  await consumer.disconnect();
  await pool.end();
  return watch.measure();
}

/** What a consumer reads of a record: its id and its payload. */
function eventOf({ headers, value }: KafkaMessage): { id: string; data: unknown } {
  return { id: String(headers?.[EventHeader.id]), data: JSON.parse(String(value)) };
}
