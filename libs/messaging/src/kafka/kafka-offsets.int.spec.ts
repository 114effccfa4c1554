import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@millrace/testing/runtime';
import type { Broker, BrokerConsumer } from '../ports/broker.port.js';
import { createKafkaAdmin } from './kafka-admin.js';
import { createKafkaBroker } from './kafka-broker.js';
import { createKafkaOffsets, type KafkaOffsets } from './kafka-offsets.js';

const quiet = {
  ...{ onRecords: () => undefined, onRebalancing: () => undefined, onAssigned: () => undefined },
  ...{ onHeartbeat: () => undefined, onFetched: () => undefined, onCrashed: () => undefined },
};

describe('positions on the real log', () => {
  const word = randomUUID().slice(0, 8);
  const [topic, group] = [`test.offsets-${word}`, `offsets-${word}`];
  let broker: Broker;
  let offsets: KafkaOffsets;
  let member: BrokerConsumer;
  let between: number;

  beforeAll(async () => {
    const settings = { brokers: [stack.kafka], clientId: group };
    const admin = await createKafkaAdmin(settings);
    await admin.createTopics([
      { name: topic, owner: group, kind: 'domain', partitions: 2, retentionMs: 3_600_000 },
    ]);
    await admin.close();
    broker = createKafkaBroker(settings);
    await send(3);
    between = Date.now() + 1;
    await eventually(() => {
      if (Date.now() <= between) throw new Error('the clock has not moved on');
    });
    await send(2);
    member = broker.consumer(
      { group, topics: [topic], sessionTimeoutMs: 10_000, heartbeatIntervalMs: 1_000 },
      quiet,
    );
    await member.start();
    offsets = await createKafkaOffsets(settings);
  });

  afterAll(async () => {
    await offsets?.close();
    await member?.stop();
    await broker?.close();
  });

  async function send(count: number): Promise<void> {
    const record = { topic, partition: 1, key: null, value: Buffer.from('x'), headers: {} };
    for (let sent = 0; sent < count; sent += 1) await broker.send([record]);
  }

  it('tell where the partitions of the topics that exist begin and end', async () => {
    const bounds = await offsets.bounds([topic, `${topic}.missing`]);
    expect(bounds.toSorted((a, b) => a.partition - b.partition)).toEqual([
      { topic, partition: 0, low: 0n, high: 0n },
      { topic, partition: 1, low: 0n, high: 5n },
    ]);
  });

  it('tell the first offset since an instant, and the end when there is none', async () => {
    const first = async (instant: number) =>
      (await offsets.firstSince(topic, instant)).find(({ partition }) => partition === 1)?.offset;
    expect(await first(0)).toBe(0n);
    expect(await first(between)).toBe(3n);
    expect(await first(Date.now() + 60_000)).toBe(5n);
  });

  it('tell what a group has committed, and nothing of one that never did', async () => {
    await eventually(() => member.commit([{ topic, partition: 1, offset: 4n }]));
    expect(await offsets.committed(group)).toEqual([{ topic, partition: 1, offset: 4n }]);
    expect(await offsets.committed(`${group}-nobody`)).toEqual([]);
  });

  it('count the members of groups, none of one that does not exist', async () => {
    await eventually(async () =>
      expect(await offsets.members([group, `${group}-nobody`])).toEqual(
        new Map([
          [group, 1],
          [`${group}-nobody`, 0],
        ]),
      ),
    );
  });
});
