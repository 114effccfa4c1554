import { randomUUID } from 'node:crypto';
import {
  defineEvent,
  EventHeader,
  OrderCreated,
  topicsOf,
  type EventDefinition,
  type ServiceTopology,
} from '@millrace/contracts';
import { consumerMigrations } from '@millrace/persistence';
import { createTestDatabase } from '@millrace/testing';
import { orderCreated, orderCreatedRecord, withHeaders } from '@millrace/testing/runtime';
import type { Admin } from 'kafkajs';
import type { ConsumerOptions } from '../api/consumer-options.js';
import { retryPlan } from '../api/retry-plan.js';
import type { OutgoingRecord } from '../ports/broker.port.js';
import { createHostedTopics } from './kafka-admin.js';
import { createKafkaBroker } from './kafka-broker.js';
import { kafkaClient } from './kafka-client.js';
import { ReplayGroup, TRIAL_PARTITIONS, type TrialEvent, type TrialPlace } from './replay-group.fixture.js';

const SEND_AT_ONCE = 500;

/** Table that the handlers write to; nothing in it keeps an event from taking effect twice. */
const EFFECT_TABLE = `
  CREATE TABLE effect (place bigserial PRIMARY KEY, consumer_group text NOT NULL, event_id uuid NOT NULL,
                       outside_effects boolean NOT NULL, trace_id text NOT NULL)`;

/** Options of a trial without order; failure must not look systemic there: dying is what its events are for. */
export const WITHOUT_ORDER = {
  ordering: 'none',
  tries: 1,
  retry: retryPlan(),
  systemicWindow: 1_000_000,
  commitIntervalMs: 100,
} satisfies Omit<ConsumerOptions, 'group'>;

/** Options of a trial in key order, whose retries come too late for any test. */
export const IN_KEY_ORDER = {
  ...WITHOUT_ORDER,
  ordering: 'key',
  retry: retryPlan('1m'),
  parkedPollMs: 100,
} satisfies Omit<ConsumerOptions, 'group'>;

/** A database of its own and connections to the broker of the stack. */
export async function openTrialPlace(postgres: string, kafka: string): Promise<TrialPlace> {
  const database = await createTestDatabase(postgres, {
    schema: 'fraud',
    migrations: consumerMigrations,
    poolSize: 20,
  });
  await database.dataSource.query(EFFECT_TABLE);
  const servers = { clientId: 'test', brokers: [kafka] };
  const admin = kafkaClient(servers).admin();
  await admin.connect();
  return { database, kafka, admin, producer: createKafkaBroker(servers) };
}

/** Closes the connections and removes the database. */
export async function closeTrialPlace({ database, admin, producer }: TrialPlace): Promise<void> {
  await producer.close();
  await admin.disconnect();
  await database.drop();
}

/** A topic that only one test uses, and the groups that consume it; the first of them also produces it. */
export class ReplayTrial {
  readonly groups: readonly ReplayGroup[];
  private readonly topic: string;
  private readonly services: readonly ServiceTopology[];

  private constructor(
    private readonly place: TrialPlace,
    options: Omit<ConsumerOptions, 'group'>,
    groups: number,
  ) {
    const id = randomUUID().slice(0, 8);
    this.topic = `test.replay-${id}`;
    const event = definitionOf(this.topic);
    const names = Array.from({ length: groups }, (_, index) => `replay-${id}-${index}`);
    this.services = names.map((name, index) =>
      serviceOf(name, event, options.ordering ?? 'none', index === 0),
    );
    this.groups = names.map(
      (group) =>
        new ReplayGroup(place, event, this.services, {
          ...options,
          group,
        }),
    );
  }

  /** Empties the tables, makes the topics and starts a member of every group; their joins go on after it. */
  static async begin(
    place: TrialPlace,
    options: Omit<ConsumerOptions, 'group'>,
    groups = 1,
  ): Promise<ReplayTrial> {
    await place.database.dataSource.query(
      'TRUNCATE effect, inbox, failed_event, parked_key, parked_event, replay, replay_event',
    );
    const trial = new ReplayTrial(place, options, groups);
    await trial.start();
    return trial;
  }

  /** The first group. */
  get group(): ReplayGroup {
    const [first] = this.groups;
    if (!first) throw new Error('a trial has at least one group');
    return first;
  }

  private async start(): Promise<void> {
    const topics = topicsOf(this.services).map(({ name, partitions }) => ({
      topic: name,
      numPartitions: partitions,
    }));
    await createHostedTopics(this.place.admin, topics);
    for (const group of this.groups) await group.start();
  }

  /** Produces events in their order; `value` instead of their payload. */
  async produce(events: readonly TrialEvent[], value?: Buffer): Promise<void> {
    const records = events.map((event) => recordOf(this.topic, event, value));
    for (let from = 0; from < records.length; from += SEND_AT_ONCE) {
      await this.place.producer.send(records.slice(from, from + SEND_AT_ONCE));
    }
  }

  /** Appends every record of a topic once more, as a producer does that did not hear the broker's answer. */
  async repeat(topic: string): Promise<void> {
    const records = await this.group.records(topic);
    await this.place.producer.send(
      records.map(({ partition, key, value, headers }) => {
        const known = Object.entries(headers).filter(([, text]) => text !== undefined);
        return {
          topic,
          partition,
          key,
          value,
          headers: Object.fromEntries(known) as OutgoingRecord['headers'],
        };
      }),
    );
  }

  /** Every row of every table, each with its table and the transaction that wrote it. */
  async tables(): Promise<ReadonlySet<string>> {
    const query = <Row>(sql: string) => this.place.database.dataSource.query<Row[]>(sql);
    const tables = await query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace`,
    );
    const contents = tables.map(({ name }) =>
      query<{ row: string }>(`SELECT concat_ws(' ', '${name}', xmin, t) AS row FROM ${name} AS t`),
    );
    return new Set((await Promise.all(contents)).flat().map(({ row }) => row));
  }

  /** Rows that have come or gone since then, the first ten; an updated row has done both. */
  async changesSince(before: ReadonlySet<string>): Promise<readonly string[]> {
    const after = await this.tables();
    const changed = [...after]
      .filter((row) => !before.has(row))
      .concat([...before].filter((row) => !after.has(row)));
    return changed.slice(0, 10);
  }

  /** Records of every topic of the trial. */
  async ends(): Promise<Record<string, number>> {
    const names = topicsOf(this.services).map(({ name }) => name);
    const ends = await Promise.all(names.map((name) => endOf(this.place.admin, name)));
    return Object.fromEntries(names.map((name, index) => [name, ends[index] ?? 0]));
  }

  /** Drains every member and leaves. */
  async stop(): Promise<void> {
    for (const group of this.groups) await group.stop();
  }
}

function definitionOf(topic: string): EventDefinition {
  const { schema, ...metadata } = OrderCreated;
  return defineEvent(schema, { ...metadata, key: 'orderId', type: topic, topic });
}

function serviceOf(
  name: string,
  event: EventDefinition,
  ordering: NonNullable<ConsumerOptions['ordering']>,
  produces: boolean,
): ServiceTopology {
  const { topic } = event;
  const owned = { name: topic, events: [event], partitions: TRIAL_PARTITIONS, retentionMs: 7 * 86_400_000 };
  const consumed = ordering === 'none' ? { topic, ordering, retryDelays: [] } : { topic, ordering };
  return { name, port: 1, produces: produces ? [owned] : [], consumes: [consumed] };
}

function recordOf(topic: string, { id, key, traceId }: TrialEvent, value?: Buffer): OutgoingRecord {
  const record = withHeaders(orderCreatedRecord(orderCreated({ orderId: key }), id), {
    [EventHeader.type]: topic,
    [EventHeader.traceparent]: `00-${traceId}-b7ad6b7169203331-01`,
  });
  const partition = Number.parseInt(key.slice(0, 4), 16) % TRIAL_PARTITIONS;
  const headers = record.headers as OutgoingRecord['headers'];
  return { topic, partition, key: record.key, value: value ?? record.value, headers };
}

async function endOf(admin: Admin, topic: string): Promise<number> {
  const offsets = await admin.fetchTopicOffsets(topic);
  return offsets.reduce((sum, { high }) => sum + Number(high), 0);
}
