import { randomUUID } from 'node:crypto';
import { topicsOf } from '@millrace/contracts';
import {
  createKafkaAdmin,
  createKafkaBroker,
  type Broker,
  type BrokerRecord,
  type ReplayRequest,
} from '@millrace/messaging';
import { consumerMigrations, PostgresConsumerStore } from '@millrace/persistence';
import { createTestDatabase, type TestDatabase } from '../test-database.js';
import type { ProgramFaults } from '../faults/faulty-program.js';
import { newEventId, referenceRecord, type ReferenceEvent } from './reference-event.js';
import { ReferenceMember } from './reference-member.js';
import {
  REFERENCE_PARTITIONS,
  REFERENCE_SCHEMA,
  referenceTopology,
  type ReferenceSettings,
} from './reference-settings.js';
import { REFERENCE_TABLES, type BehaviourRow, type EffectRow } from './reference-tables.js';

const PROGRAM = new URL('./reference-consumer.fixture.ts', import.meta.url);
const SEND_AT_ONCE = 500;

/** Where a reference group's servers are. */
export interface ReferencePlace {
  /** URL of the superuser. */
  readonly postgres: string;
  /** host:port of the broker. */
  readonly kafka: string;
  /** Variables added to every member, such as where its traces go. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** How an event or all of them (`*`) behave: fail, never succeed, kill their own database connection, or be slow. */
export interface Behaviour {
  readonly name: string;
  readonly kind: BehaviourRow['kind'];
  /** How often; only handler calls with this event alone are counted. @default for ever */
  readonly times?: number;
  /** Of kind `slow`, for a batch with that event. */
  readonly slowMs?: number;
}

/** What breaks in a member, and by which addresses it reaches its servers. */
export interface MemberFaults extends ProgramFaults {
  /** `host:port` that its database is reached by, for example a proxy's. @default the server's */
  readonly database?: string;
  /** The replay that it runs when it is asked to. @default every dead event, at once, without a canary */
  readonly replay?: Omit<ReplayRequest, 'signal'>;
}

const REPLAY_ALL: MemberFaults['replay'] = {
  by: 'a test',
  why: 'to see',
  canary: false,
  ratePerSecond: 1_000,
};

/** Options of a group that are not the fleet's: quick retries, the shortest session that brokers allow. */
const QUICK: ReferenceSettings['options'] = {
  tries: 2,
  triesWithinMs: 200,
  sessionTimeoutMs: 6_000,
  heartbeatIntervalMs: 1_000,
  commitIntervalMs: 200,
  parkedPollMs: 100,
};

/** A group of its own with topics and a database of its own, whose members are processes. */
export class ReferenceGroup {
  /** What the members remember by, for what operators do. */
  readonly store: PostgresConsumerStore;
  private readonly members: ReferenceMember[] = [];

  private constructor(
    readonly settings: ReferenceSettings,
    private readonly place: ReferencePlace,
    readonly database: TestDatabase,
    /** The log, past every proxy. */
    readonly broker: Broker,
  ) {
    this.store = new PostgresConsumerStore(database.dataSource);
  }

  /** Makes tables for a random group and the topics that are missing: of the topic given, else of one of its own. */
  static async create(
    place: ReferencePlace,
    given: Partial<Pick<ReferenceSettings, 'topic' | 'ordering' | 'retry' | 'options'>> = {},
  ): Promise<ReferenceGroup> {
    const id = randomUUID().slice(0, 8);
    const settings: ReferenceSettings = {
      group: `reference-${id}`,
      topic: given.topic ?? `test.reference-${id}`,
      ordering: given.ordering ?? 'key',
      retry: given.retry ?? ['1s', '2s'],
      options: { ...QUICK, ...given.options },
    };
    const database = await createTestDatabase(place.postgres, {
      schema: REFERENCE_SCHEMA,
      migrations: consumerMigrations,
    });
    const admin = await createKafkaAdmin({ clientId: settings.group, brokers: [place.kafka] });
    try {
      await database.dataSource.query(REFERENCE_TABLES);
      await admin.createTopics(topicsOf(referenceTopology(settings)));
    } finally {
      await admin.close();
    }
    const broker = createKafkaBroker({ clientId: 'reference', brokers: [place.kafka] });
    return new ReferenceGroup(settings, place, database, broker);
  }

  /** Starts a member; its join goes on when this returns. */
  start({ database, replay = REPLAY_ALL, ...faults }: MemberFaults = {}): ReferenceMember {
    const url = new URL(this.database.url);
    if (database !== undefined) url.host = database;
    const environment = {
      ...this.place.environment,
      PATH: '/usr/bin:/bin',
      LOG_LEVEL: 'info',
      DATABASE_URL: url.toString(),
      KAFKA_BROKERS: this.place.kafka,
      MILLRACE_TEST_CONSUMER: JSON.stringify(this.settings),
      MILLRACE_TEST_REPLAY: JSON.stringify(replay),
    };
    const member = new ReferenceMember(PROGRAM, environment, faults);
    this.members.push(member);
    return member;
  }

  /** Members that live now. */
  living(): readonly ReferenceMember[] {
    return this.members.filter(({ lives }) => lives);
  }

  /**
   * Events over that many keys, interleaved so that the log holds one of each key in turn; every key has a partition.
   * Nothing is produced yet, so that behaviours can be set for them first.
   */
  events(count: number, keys: number): ReferenceEvent[] {
    const names = Array.from({ length: keys }, () => randomUUID());
    return Array.from({ length: count }, (_, index) => {
      const number = index % keys;
      const seq = Math.floor(index / keys);
      const key = names[number] ?? '';
      const partition = number % REFERENCE_PARTITIONS;
      return { id: newEventId(), key, seq, name: `${key.slice(0, 8)}-${seq}`, partition };
    });
  }

  /** Produces events in their order and resolves once the broker has them. */
  async produce(events: readonly ReferenceEvent[]): Promise<void> {
    for (let from = 0; from < events.length; from += SEND_AT_ONCE) {
      const some = events.slice(from, from + SEND_AT_ONCE);
      await this.broker.send(some.map((event) => referenceRecord(this.settings.topic, event)));
    }
  }

  /** Sets behaviours; those of a name replace an earlier one. */
  async behave(behaviours: readonly Behaviour[]): Promise<void> {
    await this.database.dataSource.query(
      `INSERT INTO behaviour (name, kind, times, slow_ms)
       SELECT * FROM unnest($1::text[], $2::text[], $3::integer[], $4::integer[])
       ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, times = excluded.times, slow_ms = excluded.slow_ms`,
      [
        behaviours.map(({ name }) => name),
        behaviours.map(({ kind }) => kind),
        behaviours.map(({ times }) => times ?? null),
        behaviours.map(({ slowMs }) => slowMs ?? null),
      ],
    );
  }

  /** Everybody behaves well from now on. */
  async behaveWell(): Promise<void> {
    await this.rows('DELETE FROM behaviour');
  }

  /** Effects in the order of their commits. */
  effects(): Promise<EffectRow[]> {
    return this.rows<EffectRow>(
      `SELECT event_id, key, seq, source_partition, source_offset FROM effect
        ORDER BY pg_xact_commit_timestamp(xmin), place`,
    );
  }

  /** Rows of one statement in the group's own schema. */
  rows<Row extends object>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.database.dataSource.query<Row[]>(sql, [...parameters]);
  }

  /** All records of one of the group's topics, partition by partition. */
  async records(topic: string): Promise<BrokerRecord[]> {
    const records: BrokerRecord[] = [];
    await this.broker.scan(topic, async (record) => {
      records.push(record);
      return 'continue';
    });
    return records;
  }

  /** Kills what still lives and removes the database. */
  async close(): Promise<void> {
    await Promise.all(this.living().map((member) => member.kill()));
    await this.broker.close();
    await this.database.drop();
  }
}
