import { EventHeader, OrderCreated, schemaOf } from '@millrace/contracts';
import { Outbox } from '@millrace/outbox';
import { contextFromTraceparent } from '@millrace/telemetry';
import { Kafka, type KafkaMessage } from 'kafkajs';
import { Pool } from 'pg';
import { readInventoryConfig } from '../../../apps/inventory/src/inventory.config.js';
import { Reservations } from '../../../apps/inventory/src/lifecycle/reservations.js';
import { accompany } from '../harness/companion-process.js';
import { InboxClaim } from '../peers/inbox-claim.js';
import type { OneByOneTask } from './one-by-one.side.js';

const GROUP = 'inventory';

/** kafkajs' `logLevel.ERROR`. */
const ERRORS_ONLY = 1;

accompany(async ({ kafka, database }: OneByOneTask) => {
  const pool = new Pool({
    connectionString: database,
    max: 10,
    options: `-c search_path=${schemaOf(GROUP)} -c timezone=UTC`,
  });
  const inbox = new InboxClaim(pool, GROUP);
  const reservations = new Reservations(new Outbox(), readInventoryConfig({}));
  const client = new Kafka({ clientId: GROUP, brokers: [kafka], logLevel: ERRORS_ONLY });
  const consumer = client.consumer({ groupId: GROUP, allowAutoTopicCreation: false });
  await consumer.connect();
  await consumer.subscribe({ topics: [OrderCreated.topic], fromBeginning: true });
  await consumer.run({
    partitionsConsumedConcurrently: 6,
    eachMessage: async ({ message }) => {
      const request = requestOf(message);
      const event = { id: request.eventId, data: request };
      await inbox.claim([event], (tx) => reservations.reserveAll([request], new Date(), tx));
    },
  });
  return {
    close: async () => {
      await consumer.disconnect();
      await pool.end();
    },
  };
});

function requestOf({ headers, value }: KafkaMessage) {
  const { orderId, lines } = JSON.parse(String(value)) as OrderCreated;
  const id = String(headers?.[EventHeader.id]);
  const context = contextFromTraceparent(String(headers?.[EventHeader.traceparent]));
  return { orderId, eventId: id, lines, cause: { id, context } };
}
