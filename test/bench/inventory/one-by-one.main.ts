import { EventHeader, type OrderCreated } from '@millrace/contracts';
import { Outbox } from '@millrace/outbox';
import { contextFromTraceparent } from '@millrace/telemetry';
import { Kafka, type KafkaMessage } from 'kafkajs';
import { readInventoryConfig } from '../../../apps/inventory/src/inventory.config.js';
import { Reservations } from '../../../apps/inventory/src/lifecycle/reservations.js';
import { accompany } from '../harness/companion-process.js';
import { consumePlainly, type PlainConsumerTask } from '../peers/plain-consumer.js';

/** Our statements and our tables, but a transaction for every reservation. */
accompany((task: PlainConsumerTask) => {
  const reservations = new Reservations(new Outbox(), readInventoryConfig({}));
  return consumePlainly(
    task,
    'inventory',
    (config) => new Kafka(config),
    (inbox) => ({
      eachMessage: async ({ message }) => {
        const request = requestOf(message);
        const event = { id: request.eventId, data: request };
        await inbox.claim([event], (tx) => reservations.reserveAll([request], new Date(), tx));
      },
    }),
  );
});

function requestOf({ headers, value }: KafkaMessage) {
  const { orderId, lines } = JSON.parse(String(value)) as OrderCreated;
  const id = String(headers?.[EventHeader.id]);
  const context = contextFromTraceparent(String(headers?.[EventHeader.traceparent]));
  return { orderId, eventId: id, lines, cause: { id, context } };
}
