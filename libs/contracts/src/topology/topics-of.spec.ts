import { describe, expect, it } from '@jest/globals';
import {
  DEAD_LETTER_RETENTION_MS,
  DEFAULT_RETRY_DELAYS,
  domainTopic,
  PARTITIONS,
  RETRY_RETENTION_MS,
} from './domain-topic.js';
import { deadLetterTopic, replayTopic, retryTopic } from './names.js';
import { HEADROOM_BYTES, MAX_MESSAGE_BYTES, retryDelaysOf, topicsOf } from './topics-of.js';
import { consumersOf, topology } from './topology.js';
import type { ServiceTopology, Subscription } from './topology-types.js';
import { OrderCreated } from '../orders/order-created.v1.js';

const SOURCE = OrderCreated.topic;
const producer: ServiceTopology = {
  name: 'order',
  port: 1,
  produces: [{ ...domainTopic(OrderCreated), partitions: 12 }],
  consumes: [],
};

function consumer(subscription: Subscription): ServiceTopology {
  return { name: 'shop', port: 2, produces: [], consumes: [subscription] };
}

function topicsOfGroup(subscription: Subscription) {
  return topicsOf([producer, consumer(subscription)]).filter(({ owner }) => owner === 'shop');
}

describe('the topics of a group', () => {
  const beside = { owner: 'shop', partitions: 12, maxMessageBytes: MAX_MESSAGE_BYTES + 65_536 };

  it('are one per delay, the dead letters and the replay when nothing is in order', () => {
    const subscription: Subscription = { topic: SOURCE, ordering: 'none', retryDelays: ['2s', '1h'] };
    expect(topicsOfGroup(subscription)).toEqual([
      { ...beside, name: 'shop.order.created.retry.2s', kind: 'retry', retentionMs: 604_800_000 },
      { ...beside, name: 'shop.order.created.retry.1h', kind: 'retry', retentionMs: 604_800_000 },
      { ...beside, name: 'shop.order.created.dlq', kind: 'dead-letter', retentionMs: 2_592_000_000 },
      { ...beside, name: 'shop.order.created.replay', kind: 'replay', retentionMs: 604_800_000 },
    ]);
  });

  it.each(['key', 'partition'] as const)(
    'are the dead letters and the replay with ordering %s',
    (ordering) => {
      expect(topicsOfGroup({ topic: SOURCE, ordering }).map(({ kind }) => kind)).toEqual([
        'dead-letter',
        'replay',
      ]);
    },
  );

  it('wait 5 seconds, a minute and 10 minutes when the subscription says nothing', () => {
    expect(retryDelaysOf({ topic: SOURCE, ordering: 'none' })).toEqual(['5s', '1m', '10m']);
    expect(DEFAULT_RETRY_DELAYS).toEqual(['5s', '1m', '10m']);
  });

  it('wait nowhere when the subscription names no delay or keeps an order', () => {
    expect(retryDelaysOf({ topic: SOURCE, ordering: 'none', retryDelays: [] })).toEqual([]);
    expect(retryDelaysOf({ topic: SOURCE, ordering: 'key' })).toEqual([]);
    expect(retryDelaysOf({ topic: SOURCE, ordering: 'partition' })).toEqual([]);
  });

  it("have the fleet's partitions when the producer is described elsewhere", () => {
    const topics = topicsOf([consumer({ topic: SOURCE, ordering: 'key' })]);
    expect(topics.map(({ partitions }) => partitions)).toEqual([PARTITIONS, PARTITIONS]);
  });
});

describe('the topics of the fleet', () => {
  const topics = topicsOf(topology);
  const named = (name: string) => topics.find((topic) => topic.name === name);

  it('hold as much as the outbox lets through', () => {
    const domain = topics.filter(({ kind }) => kind === 'domain');
    expect(domain.map(({ name }) => name)).toContain(SOURCE);
    for (const topic of domain) {
      expect(topic).toMatchObject({ partitions: 6, retentionMs: 604_800_000, maxMessageBytes: 1_048_588 });
    }
  });

  it.each(
    consumersOf(topology).flatMap(({ name, consumes }) =>
      consumes.map((subscription) => ({ group: name, subscription })),
    ),
  )('let $group retry, bury and replay what it reads', ({ group, subscription }) => {
    const source = named(subscription.topic);
    const common = { owner: group, partitions: source?.partitions, maxMessageBytes: room(source) };
    for (const delay of retryDelaysOf(subscription)) {
      const retry = { ...common, kind: 'retry', retentionMs: RETRY_RETENTION_MS };
      expect(named(retryTopic(group, subscription.topic, delay))).toMatchObject(retry);
    }
    expect(named(deadLetterTopic(group, subscription.topic))).toMatchObject({
      ...common,
      kind: 'dead-letter',
      retentionMs: DEAD_LETTER_RETENTION_MS,
    });
    expect(named(replayTopic(group, subscription.topic))).toMatchObject({ ...common, kind: 'replay' });
  });

  it('are no others than those', () => {
    const expected = topology.flatMap(({ produces, consumes }) => [
      ...produces.map(({ name }) => name),
      ...consumes.flatMap((subscription) => [...retryDelaysOf(subscription), 'dlq', 'replay']),
    ]);
    expect(topics).toHaveLength(expected.length);
  });

  it('name delays that a retry plan understands, shortest first', () => {
    const plans = topology.flatMap(({ consumes }) => consumes.map(retryDelaysOf));
    for (const delays of plans) {
      const seconds = delays.map((delay) => {
        const [, count, unit] = /^([1-9]\d{0,3})([smhd])$/.exec(delay) ?? [];
        return Number(count) * { s: 1, m: 60, h: 3_600, d: 86_400 }[unit as 's' | 'm' | 'h' | 'd'];
      });
      expect(seconds).toEqual([...new Set(seconds)].toSorted((one, other) => one - other));
      expect(seconds).not.toContain(Number.NaN);
    }
  });

  function room(source: { readonly maxMessageBytes?: number } | undefined): number {
    return (source?.maxMessageBytes ?? 0) + HEADROOM_BYTES;
  }
});
