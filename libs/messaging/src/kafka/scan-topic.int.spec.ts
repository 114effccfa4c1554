import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@millrace/testing/runtime';
import type { Admin, Kafka } from 'kafkajs';
import type { Broker, BrokerRecord } from '../ports/broker.port.js';
import { createHostedTopics } from './kafka-admin.js';
import { createKafkaBroker } from './kafka-broker.js';
import { kafkaClient } from './kafka-client.js';

const PARTITIONS = 4;
const READER = `test-${randomUUID().slice(0, 8)}`;

let kafka: Kafka;
let admin: Admin;
let broker: Broker;
let topic: string;

beforeAll(async () => {
  kafka = kafkaClient({ clientId: 'test', brokers: [stack.kafka] });
  admin = kafka.admin();
  await admin.connect();
  broker = createKafkaBroker({ clientId: READER, brokers: [stack.kafka] });
});

afterAll(async () => {
  await broker.close();
  await admin.disconnect();
});

beforeEach(async () => {
  topic = `test.scan-${randomUUID().slice(0, 8)}`;
  await createHostedTopics(admin, [{ topic, numPartitions: PARTITIONS }]);
});

async function produce(partition: number, texts: readonly string[]): Promise<void> {
  await broker.send(
    texts.map((text) => ({
      topic,
      partition,
      key: null,
      value: Buffer.from(text),
      headers: { text: Buffer.from(text) },
    })),
  );
}

async function inTransaction(partition: number, texts: readonly string[], end: 'commit' | 'abort') {
  const producer = kafka.producer({
    transactionalId: randomUUID(),
    maxInFlightRequests: 1,
    idempotent: true,
  });
  await producer.connect();
  try {
    // The first transaction of a broker waits until its coordinator has a log.
    const transaction = await eventually(() => producer.transaction());
    await transaction.send({ topic, messages: texts.map((value) => ({ partition, value })) });
    await transaction[end]();
  } finally {
    await producer.disconnect();
  }
}

async function scanned(each: (record: BrokerRecord) => Promise<void> = async () => undefined) {
  const records: BrokerRecord[] = [];
  await broker.scan(topic, async (record) => {
    records.push(record);
    await each(record);
    return 'continue';
  });
  return records;
}

function texts(records: readonly BrokerRecord[], partition: number): string[] {
  return records.filter((one) => one.partition === partition).map(({ value }) => String(value));
}

function numbered(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${name}${index}`);
}

async function scanGroups(): Promise<string[]> {
  const { groups } = await admin.listGroups();
  return groups.map(({ groupId }) => groupId).filter((group) => group.startsWith(`${READER}.`));
}

describe('a scan of a topic', () => {
  it('visits every record once, in the order of its partition, with bytes and headers', async () => {
    await produce(0, numbered('a', 1_500));
    await produce(2, numbered('b', 700));
    const records = await scanned();
    expect(texts(records, 0)).toEqual(numbered('a', 1_500));
    expect(texts(records, 2)).toEqual(numbered('b', 700));
    expect(records).toHaveLength(2_200);
    expect(records.find(({ partition }) => partition === 2)).toMatchObject({
      topic,
      offset: 0n,
      key: null,
      headers: { text: Buffer.from('b0') },
    });
  });

  it('ends at once on a topic without a record', async () => {
    expect(await scanned()).toEqual([]);
  });

  it('ends behind records that nobody may see: aborted ones and the marks of transactions', async () => {
    await produce(0, ['before']);
    await inTransaction(0, ['within'], 'commit');
    await inTransaction(1, ['aborted'], 'abort');
    await inTransaction(2, ['lost'], 'abort');
    await produce(2, ['after']);
    // A broker answers the end of a transaction before it has written the marks.
    await eventually(async () => {
      const ends = await admin.fetchTopicOffsets(topic);
      expect(Object.fromEntries(ends.map(({ partition, high }) => [partition, high]))).toMatchObject({
        0: '3',
        1: '2',
        2: '3',
      });
    });
    const records = await scanned();
    expect([0, 1, 2].map((partition) => texts(records, partition))).toEqual([
      ['before', 'within'],
      [],
      ['after'],
    ]);
  });

  it('begins behind what retention has removed, also where it has removed all', async () => {
    await produce(0, numbered('a', 10));
    await produce(1, numbered('b', 10));
    const cut = [
      { partition: 0, offset: '4' },
      { partition: 1, offset: '10' },
    ];
    await admin.deleteTopicRecords({ topic, partitions: cut });
    const records = await scanned();
    expect(texts(records, 0)).toEqual(numbered('a', 10).slice(4));
    expect(records).toHaveLength(6);
  });

  it('does not visit what is appended after it began', async () => {
    await produce(0, numbered('a', 3));
    const records = await scanned(() => produce(0, ['late']));
    expect(texts(records, 0)).toEqual(numbered('a', 3));
  });

  it('stops when the visitor says so', async () => {
    await produce(0, numbered('a', 20));
    let visits = 0;
    await broker.scan(topic, async () => (++visits === 7 ? 'stop' : 'continue'));
    expect(visits).toBe(7);
  });

  it('rejects with what the visitor throws and with the reason of its signal', async () => {
    await produce(0, numbered('a', 3));
    const failing = broker.scan(topic, () => Promise.reject(new TypeError('no such visitor')));
    await expect(failing).rejects.toThrow(new TypeError('no such visitor'));
    const stopping = new AbortController();
    let visits = 0;
    const aborted = broker.scan(
      topic,
      async () => {
        visits += 1;
        stopping.abort(new Error('enough'));
        return 'continue';
      },
      stopping.signal,
    );
    await expect(aborted).rejects.toThrow('enough');
    expect(visits).toBe(1);
  });

  it('names a topic that does not exist', async () => {
    await expect(broker.scan(`${topic}.missing`, async () => 'stop')).rejects.toThrow(`${topic}.missing`);
  });

  it('leaves no group behind', async () => {
    await produce(0, ['a']);
    let during: string[] = [];
    await scanned(async () => {
      during = await scanGroups();
    });
    expect(during).toHaveLength(1);
    expect(await scanGroups()).toEqual([]);
  });
});
