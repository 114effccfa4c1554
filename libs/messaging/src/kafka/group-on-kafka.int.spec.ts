import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EventHeader } from '@millrace/contracts';
import { consumerMigrations } from '@millrace/persistence';
import { createTestDatabase, type TestDatabase } from '@millrace/testing';
import { eventually, withHeaders } from '@millrace/testing/runtime';
import type { Admin } from 'kafkajs';
import { FatalError } from '../api/errors.js';
import type { Broker } from '../ports/broker.port.js';
import {
  CountingStore,
  EFFECTS,
  GroupMember,
  PARTITIONS,
  TestTopic,
  type MemberSettings,
} from './group-member.fixture.js';
import { createHostedTopics } from './kafka-admin.js';
import { createKafkaBroker } from './kafka-broker.js';
import { kafkaClient } from './kafka-client.js';
import { readRecord } from './read-record.js';

let database: TestDatabase;
let admin: Admin;
let producer: Broker;
let store: CountingStore;
let topic: TestTopic;
const members: GroupMember[] = [];

beforeAll(async () => {
  database = await createTestDatabase(stack.postgres, {
    schema: 'fraud',
    migrations: consumerMigrations,
    poolSize: 20,
  });
  await database.dataSource.query(EFFECTS);
  admin = kafkaClient({ clientId: 'test', brokers: [stack.kafka] }).admin();
  await admin.connect();
  producer = createKafkaBroker({ clientId: 'test', brokers: [stack.kafka] });
});

afterAll(async () => {
  await producer.close();
  await admin.disconnect();
  await database.drop();
});

beforeEach(async () => {
  await database.dataSource.query('TRUNCATE effect, inbox, failed_event');
  store = new CountingStore(database.dataSource);
  topic = new TestTopic();
  await createTopics();
});

afterEach(async () => {
  for (const member of members.splice(0)) await member.stop();
});

async function createTopics(deadLetterBytes = 1_048_588): Promise<void> {
  const limits = [{ name: 'max.message.bytes', value: String(deadLetterBytes) }];
  await createHostedTopics(
    admin,
    topic.specifications.map(({ name, kind, partitions }) => ({
      topic: name,
      numPartitions: partitions,
      ...(kind === 'dead-letter' ? { configEntries: limits } : {}),
    })),
  );
}

async function start(more: Partial<MemberSettings> = {}): Promise<GroupMember> {
  const member = await GroupMember.start({ topic, kafka: stack.kafka, store, ...more });
  members.push(member);
  return member;
}

async function produce(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  await producer.send(topic.records(ids));
  return ids;
}

async function effects(): Promise<string[]> {
  const rows = await database.dataSource.query<{ event_id: string }[]>('SELECT event_id FROM effect');
  return rows.map(({ event_id }) => event_id);
}

async function eachOnce(ids: readonly string[]): Promise<void> {
  await eventually(async () => expect((await effects()).length).toBeGreaterThanOrEqual(ids.length));
  expect((await effects()).toSorted()).toEqual(ids.toSorted());
}

async function committed(): Promise<number> {
  const [found] = await admin.fetchOffsets({ groupId: topic.group, topics: [topic.topic] });
  return (found?.partitions ?? []).reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
}

/** Records of the log: a producer that repeats a send after a lost answer writes some twice. */
async function written(): Promise<number> {
  const offsets = await admin.fetchTopicOffsets(topic.topic);
  return offsets.reduce((sum, { high }) => sum + Number(high), 0);
}

function ignore(): void {}

async function groupSize(): Promise<number> {
  const { groups } = await admin.describeGroups([topic.group]);
  return groups[0]?.members.length ?? 0;
}

describe('a group on Kafka', () => {
  it('applies 2,000 records once, in the order of their partitions, and has committed all of them when it stopped', async () => {
    const ids = await produce(2_000);
    const member = await start();
    await eachOnce(ids);
    await member.stop();
    expect(await committed()).toBe(2_000);
    const [disorder] = await database.dataSource.query<{ count: number }[]>(
      `SELECT count(*)::int FROM (SELECT source_offset < lag(source_offset) OVER
         (PARTITION BY source_partition ORDER BY place) AS back FROM effect) AS steps WHERE back`,
    );
    expect(disorder?.count).toBe(0);
    expect(store.repeated).toBe(0);
    expect(member.fatal).toEqual([]);
  });

  it('publishes poison with its bytes and all headers, and goes on behind it', async () => {
    const value = Buffer.from([0xff, 0x00, 0x7b]);
    const poison = { ...topic.good(), value };
    const good = randomUUID();
    await producer.send([topic.record(4, poison), topic.record(4, topic.good(good))]);
    await start();
    await eachOnce([good]);
    const letter = await readRecord({
      brokers: [stack.kafka],
      topic: topic.deadLetters,
      matches: () => true,
      timeoutMs: 60_000,
    });
    expect(letter).toMatchObject({ partition: 4, value, key: poison.key });
    const headers = Object.fromEntries(
      Object.entries(letter?.headers ?? {}).map(([name, text]) => [name, String(text)]),
    );
    expect(headers).toMatchObject({
      [EventHeader.id]: String(poison.headers[EventHeader.id]),
      [EventHeader.traceparent]: String(poison.headers[EventHeader.traceparent]),
      'x-error-reason': 'DECODE',
      'x-error-class': 'DecodeError',
      'x-original-topic': topic.topic,
      'x-original-partition': '4',
      'x-original-offset': '0',
      'x-group': topic.group,
      'x-attempt': '0',
      'kafka_dlt-original-topic': topic.topic,
    });
    await eventually(async () => expect(await committed()).toBe(2));
    const states = await store.statesOf(topic.group, [String(poison.headers[EventHeader.id])]);
    expect(states[0]).toMatchObject({ state: 'dead', reason: 'DECODE' });
  });

  it('understands a header that was written twice', async () => {
    const id = randomUUID();
    const twice = withHeaders(topic.good(), {
      [EventHeader.id]: [Buffer.from(id), Buffer.from(randomUUID())],
    });
    await producer.send([topic.record(0, twice)]);
    await start();
    await eventually(async () => expect(await effects()).toEqual([id]));
  });

  it('takes the stack out of a dead letter that the broker finds too large', async () => {
    topic = new TestTopic();
    await createTopics(6_000);
    await producer.send(topic.records([randomUUID()]));
    await start({
      behave: () => {
        const error = new FatalError('never');
        error.stack = 'x'.repeat(8_000);
        throw error;
      },
    });
    const letter = await readRecord({
      brokers: [stack.kafka],
      topic: topic.deadLetters,
      matches: () => true,
      timeoutMs: 60_000,
    });
    expect(letter?.headers).toHaveProperty(['x-error-message']);
    expect(letter?.headers).not.toHaveProperty(['x-error-stack']);
  });

  it('gives partitions to a second member and takes them back under load, every effect once', async () => {
    const ids = await produce(500);
    const first = await start({ options: { batchRecords: 20 } });
    await eventually(async () => expect((await effects()).length).toBeGreaterThan(50));
    const second = await start({ options: { batchRecords: 20 } });
    ids.push(...(await produce(1_000)));
    await eventually(() => expect(second.server.condition().partitions).toBe(3));
    await eventually(() => expect(first.server.condition()).toMatchObject({ joined: true, partitions: 3 }));
    // The second reads once more what the first had under way when it joined; then nothing is left to repeat.
    await eventually(async () => expect(await committed()).toBe(await written()));
    const repeatedByJoin = store.repeated;
    ids.push(...(await produce(1_000)));
    await second.stop();
    ids.push(...(await produce(500)));
    await eachOnce(ids);
    await eventually(() => expect(first.server.condition().partitions).toBe(PARTITIONS));
    expect(store.repeated).toBe(repeatedByJoin);
    expect(await written()).toBeGreaterThanOrEqual(3_000);
    await eventually(async () => expect(await committed()).toBe(await written()));
  });

  it('redelivers nothing to the next process after a clean stop under load', async () => {
    const ids = await produce(3_000);
    // So slow that it cannot be done with all of them before it is asked to stop.
    const slowly = () => new Promise<void>((resolve) => setTimeout(resolve, 20));
    const first = await start({ options: { batchRecords: 10 }, behave: slowly });
    await eventually(async () => expect((await effects()).length).toBeGreaterThan(100), { everyMs: 5 });
    await first.stop();
    expect((await effects()).length).toBeLessThan(3_000);
    expect(await committed()).toBe((await effects()).length);
    await start();
    await eachOnce(ids);
    expect(store.repeated).toBe(0);
  });

  it('keeps no member that is stopped while it joins', async () => {
    const first = await start();
    await eventually(() => expect(first.server.condition().partitions).toBe(PARTITIONS));
    const second = createKafkaBroker({ clientId: 'second', brokers: [stack.kafka] }).consumer(
      { group: topic.group, topics: [topic.topic], sessionTimeoutMs: 60_000, heartbeatIntervalMs: 3_000 },
      {
        onRecords: ignore,
        onRebalancing: ignore,
        onAssigned: ignore,
        onHeartbeat: ignore,
        onFetched: ignore,
        onCrashed: ignore,
      },
    );
    const starting = second.start();
    await eventually(async () => expect(await groupSize()).toBe(2), { everyMs: 5 });
    await second.stop();
    await starting;
    await eventually(async () => expect(await groupSize()).toBe(1));
  });

  it('pauses a partition whose queue is full while the others go on', async () => {
    const slow = Promise.withResolvers<void>();
    const ids = await produce(1_200);
    await start({
      options: { batchRecords: 10, queueRecords: 20 },
      behave: async ({ events }) => {
        if (events[0]?.partition === 0) await slow.promise;
      },
    });
    await eventually(async () => expect((await effects()).length).toBe(1_000));
    slow.resolve();
    await eachOnce(ids);
  });
});
