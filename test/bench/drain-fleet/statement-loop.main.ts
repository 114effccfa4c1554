import { EventHeader, OrderCreated, schemaOf } from '@millrace/contracts';
import { Kafka } from 'kafkajs-published';
import { Pool } from 'pg';
import { addOrders, type OrderFact } from '../../../apps/analytics/src/store/add-orders.sql.js';
import { accompany } from '../harness/companion-process.js';
import { InboxClaim } from '../peers/inbox-claim.js';
import type { StatementLoopTask } from './statement-loop.side.js';

const GROUP = 'analytics';

/** Events of one transaction at most, as ours. */
const BATCH = 500;

/** kafkajs' `logLevel.ERROR`. */
const ERRORS_ONLY = 1;

accompany(async ({ kafka, database }: StatementLoopTask) => {
  const pool = new Pool({
    connectionString: database,
    max: 10,
    options: `-c search_path=${schemaOf(GROUP)} -c timezone=UTC`,
  });
  const inbox = new InboxClaim(pool, GROUP);
  const client = new Kafka({ clientId: GROUP, brokers: [kafka], logLevel: ERRORS_ONLY });
  const consumer = client.consumer({ groupId: GROUP, allowAutoTopicCreation: false });
  await consumer.connect();
  await consumer.subscribe({ topics: [OrderCreated.topic], fromBeginning: true });
  await consumer.run({
    partitionsConsumedConcurrently: 6,
    eachBatch: async ({ batch, resolveOffset, heartbeat, isRunning, isStale }) => {
      for (let from = 0; from < batch.messages.length && isRunning() && !isStale(); from += BATCH) {
        const slice = batch.messages.slice(from, from + BATCH);
        const events = slice.map(({ headers, value }) => ({
          id: String(headers?.[EventHeader.id]),
          data: JSON.parse(String(value)) as OrderCreated,
        }));
        await inbox.claim(events, (tx) => addOrders(tx, events.map(factOf)));
        resolveOffset(slice.at(-1)?.offset ?? batch.lastOffset());
        await heartbeat();
      }
    },
    eachBatchAutoResolve: false,
  });
  return {
    close: async () => {
      await consumer.disconnect();
      await pool.end();
    },
  };
});

function factOf({ id, data }: { readonly id: string; readonly data: OrderCreated }): OrderFact {
  const { orderId, region, currency, totalMinor, placedAt } = data;
  return { orderId, eventId: id, region, currency, revenueMinor: totalMinor, placedAt };
}
