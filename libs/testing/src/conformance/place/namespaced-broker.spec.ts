import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ConsumerListener, FetchedRecords, TopicPartition } from '@millrace/messaging';
import { MemoryBroker } from '../../memory-broker/memory-broker.js';
import { NamespacedBroker } from './namespaced-broker.js';

const OURS = { topic: 'order.created', partition: 0 };

describe('a broker with names of its own', () => {
  let real: MemoryBroker;
  let broker: NamespacedBroker;
  let heard: unknown[];
  let listener: ConsumerListener;

  beforeEach(() => {
    real = new MemoryBroker();
    real.createTopic('test.order.created', 1);
    broker = new NamespacedBroker(real, 'test', 100);
    heard = [];
    listener = {
      onRecords: ({ topic, records }: FetchedRecords) => heard.push([topic, records.map((one) => one.topic)]),
      onAssigned: (partitions: readonly TopicPartition[]) => heard.push(partitions),
      onCrashed: ({ message }: Error, connection) => heard.push([message, connection]),
      onRebalancing: () => undefined,
      onHeartbeat: () => undefined,
      onFetched: () => undefined,
    };
  });

  function join() {
    const settings = { group: 'fraud', topics: ['order.created'] };
    return broker.consumer(
      { ...settings, sessionTimeoutMs: 1_000_000, heartbeatIntervalMs: 300_000 },
      listener,
    );
  }

  it('hands out the names that the consumer knows, and has others on the log', async () => {
    const consumer = join();
    await broker.send([{ ...OURS, key: null, value: null, headers: {} }]);
    await consumer.start();
    await new Promise((resolve) => setImmediate(resolve));
    expect(heard).toEqual([[OURS], ['order.created', ['order.created']]]);
    expect(real.records('test.order.created')).toHaveLength(1);
    const topics: string[] = [];
    await broker.scan('order.created', async ({ topic }) => (topics.push(topic), 'continue'));
    expect(topics).toEqual(['order.created']);
    await expect(broker.probe(['order.created'])).resolves.toBeUndefined();
    await expect(broker.probe(['test.order.created'])).rejects.toThrow('test.test.order.created');
  });

  it('joins a group of its own, with times of the machine, and keeps its positions there', async () => {
    const consumer = join();
    expect(real.consumers[0]?.settings).toMatchObject({
      group: 'test.fraud',
      sessionTimeoutMs: 10_000,
      heartbeatIntervalMs: 3_000,
    });
    await consumer.start();
    await consumer.commit([{ ...OURS, offset: 7n }]);
    expect(real.position('test.fraud', 'test.order.created', 0)).toBe(7n);
    expect(await broker.positions('fraud', [OURS])).toEqual([{ ...OURS, offset: 7n }]);
    consumer.pause(OURS);
    expect(consumer.paused()).toEqual([OURS]);
    consumer.resume(OURS);
    expect(consumer.paused()).toEqual([]);
  });

  it('that is killed crashes its consumers, which neither hear nor commit any more', async () => {
    const consumer = join();
    await consumer.start();
    broker.kill();
    broker.kill();
    await broker.gone();
    expect(heard).toEqual([[OURS], ['killed', false]]);
    await expect(consumer.commit([{ ...OURS, offset: 7n }])).rejects.toThrow('gone');
    expect(real.consumers[0]?.joined).toBe(false);
  });
});
