import type { RecordSearch } from '@millrace/messaging';
import type { Client } from 'pg';
import { withClient } from '../postgres/admin-database.js';
import { until } from '../processes/until.js';
import type { LocalStack } from '../stack/local-stack.js';
import type { PlacedOrder } from './place-order.js';
import { type EffectTimes, inboxTimes, outboxCommit } from './way-queries.js';

const TOPIC = 'order.created';
const EVENT_ID_HEADER = 'ce_id';

/** The way of one order, in milliseconds since its request; undefined where it was not seen in time. */
export interface OrderWay {
  readonly accepted: number;
  readonly committed: number | undefined;
  readonly captured: number | undefined;
  readonly effects: readonly OrderEffect[];
}

/** One service's part in the way of an order. */
export interface OrderEffect {
  readonly service: string;
  readonly received: number | undefined;
  readonly committed: number | undefined;
}

/** Finds a record on a topic; undefined when none matched in time. */
export type RecordFinder = (search: RecordSearch) => Promise<{ readonly timestamp: number } | undefined>;

/** Follows an order through outbox, topic and the inboxes of the services, for at most `withinMs` milliseconds. */
export async function followOrder(
  stack: Pick<LocalStack, 'postgres' | 'kafka'>,
  order: PlacedOrder,
  services: readonly string[],
  find: RecordFinder,
  withinMs: number,
): Promise<OrderWay> {
  const search: RecordSearch = {
    brokers: stack.kafka.split(','),
    topic: TOPIC,
    matches: ({ headers }) => headers[EVENT_ID_HEADER]?.toString() === order.eventId,
    timeoutMs: withinMs,
  };
  const since = (time: number | undefined) => (time === undefined ? undefined : time - order.requestedAt);
  const [stored, record] = await Promise.all([
    withClient(stack.postgres, (client) => readStored(client, order.eventId, services, withinMs)),
    find(search),
  ]);
  return {
    accepted: order.answeredAt - order.requestedAt,
    committed: since(stored.outbox),
    captured: since(record?.timestamp),
    effects: services.map((service) => ({
      service,
      received: since(stored.inboxes.get(service)?.receivedAt),
      committed: since(stored.inboxes.get(service)?.committedAt),
    })),
  };
}

async function readStored(client: Client, eventId: string, services: readonly string[], withinMs: number) {
  const inboxes = new Map<string, EffectTimes>();
  await until(async () => {
    for (const service of services) {
      const times = inboxes.get(service) ?? (await inboxTimes(client, service, eventId));
      if (times) inboxes.set(service, times);
    }
    return inboxes.size === services.length;
  }, withinMs);
  return { outbox: await outboxCommit(client, 'order', eventId), inboxes };
}
