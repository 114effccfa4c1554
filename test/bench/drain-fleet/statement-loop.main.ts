import { EventHeader, type OrderCreated } from '@millrace/contracts';
import { Kafka } from 'kafkajs-published';
import { addOrders, type OrderFact } from '../../../apps/analytics/src/store/add-orders.sql.js';
import { accompany } from '../harness/companion-process.js';
import { consumePlainly, type PlainConsumerTask } from '../peers/plain-consumer.js';

/** Events of one transaction at most, as ours. */
const BATCH = 500;

/** The statements of our analytics service in a plain `eachBatch` loop: what is left of the runtime's cost. */
accompany((task: PlainConsumerTask) =>
  consumePlainly(
    task,
    'analytics',
    (config) => new Kafka(config),
    (inbox) => ({
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
    }),
  ),
);

function factOf({ id, data }: { readonly id: string; readonly data: OrderCreated }): OrderFact {
  const { orderId, region, currency, totalMinor, placedAt } = data;
  return { orderId, eventId: id, region, currency, revenueMinor: totalMinor, placedAt };
}
