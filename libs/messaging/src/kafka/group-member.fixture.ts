import { randomUUID } from 'node:crypto';
import { Test } from '@nestjs/testing';
import {
  consumerView,
  deadLetterTopic,
  defineEvent,
  EventHeader,
  OrderCreated,
  topicsOf,
  type ServiceTopology,
  type TopicSpecification,
} from '@millrace/contracts';
import { PostgresConsumerStore } from '@millrace/persistence';
import {
  orderCreated,
  orderCreatedRecord,
  withHeaders,
  type ProducedRecord,
} from '@millrace/testing/runtime';
import type { INestMicroservice } from '@nestjs/common';
import type { ConsumerOptions } from '../api/consumer-options.js';
import type { EventBatch } from '../api/event-batch.js';
import { EventConsumer, OnEvent } from '../api/event-consumer.decorator.js';
import type { EventContext } from '../api/event-context.js';
import { retryPlan } from '../api/retry-plan.js';
import type { Broker, OutgoingRecord } from '../ports/broker.port.js';
import type { Claim, InboxEntry } from '../ports/inbox.js';
import type { Transaction } from '../ports/transaction.js';
import { KafkaEventServer } from '../runtime/kafka-event-server.js';
import { createKafkaBroker } from './kafka-broker.js';

/** Partitions of a test's topic. */
export const PARTITIONS = 6;

/** Table that the handler of a member writes to; nothing in it keeps an event from taking effect twice. */
export const EFFECTS = `
  CREATE TABLE effect (place bigserial PRIMARY KEY, event_id uuid NOT NULL, source_partition integer NOT NULL,
                       source_offset bigint NOT NULL)`;

/** A topic and a group that only one test uses. */
export class TestTopic {
  readonly topic: string;
  readonly group: string;
  readonly deadLetters: string;
  private readonly event;

  constructor() {
    const id = randomUUID().slice(0, 8);
    this.topic = `test.probe-${id}`;
    this.group = `probe-${id}`;
    this.deadLetters = deadLetterTopic(this.group, this.topic);
    const { schema, examples } = OrderCreated;
    const metadata = {
      ...OrderCreated,
      key: 'orderId' as const,
      type: this.topic,
      topic: this.topic,
      examples,
    };
    this.event = defineEvent(schema, metadata);
  }

  /** A topology of one service that produces the topic and consumes it, nothing else. */
  get services(): readonly ServiceTopology[] {
    const topic = {
      name: this.topic,
      events: [this.event],
      partitions: PARTITIONS,
      retentionMs: 7 * 86_400_000,
    };
    const consumes = [{ topic: this.topic, ordering: 'none', retryDelays: [] }] as const;
    return [{ name: this.group, port: 1, produces: [topic], consumes }];
  }

  /** Every topic that the group needs. */
  get specifications(): readonly TopicSpecification[] {
    return topicsOf(this.services);
  }

  /** Good records whose ids are given, spread over the partitions. */
  records(ids: readonly string[]): OutgoingRecord[] {
    return ids.map((id, index) => this.record(index % PARTITIONS, this.good(id)));
  }

  /** A good record. */
  good(id: string = randomUUID()): ProducedRecord {
    return withHeaders(orderCreatedRecord(orderCreated(), id), { [EventHeader.type]: this.topic });
  }

  /** A record on its way to a partition of the topic. */
  record(partition: number, { key, value, headers }: ProducedRecord): OutgoingRecord {
    return { topic: this.topic, partition, key, value, headers: headers as OutgoingRecord['headers'] };
  }

  /** Class of a consumer of this topic, whose behaviour may throw before the effect is written. */
  consumer(behave: (batch: EventBatch) => void | Promise<void>): new () => object {
    const view = consumerView(this.event, ['orderId']);

    @EventConsumer({ group: this.group, ordering: 'none' })
    class Probe {
      @OnEvent(view)
      async take(batch: EventBatch, { tx }: EventContext) {
        await behave(batch);
        await tx.query(
          `INSERT INTO effect (event_id, source_partition, source_offset)
           SELECT * FROM unnest($1::uuid[], $2::integer[], $3::bigint[])`,
          [
            batch.events.map(({ id }) => id),
            batch.events.map(({ partition }) => partition),
            batch.events.map(({ offset }) => offset.toString()),
          ],
        );
      }
    }
    return Probe;
  }
}

/** A store that counts the claims of events that had taken effect before. */
export class CountingStore extends PostgresConsumerStore {
  repeated = 0;

  override async claim(
    tx: Transaction,
    group: string,
    entries: readonly InboxEntry[],
    at: number,
  ): Promise<readonly Claim[]> {
    const claims = await super.claim(tx, group, entries, at);
    this.repeated += claims.filter(({ standing }) => standing === 'done').length;
    return claims;
  }
}

/** What a member is made of. */
export interface MemberSettings {
  readonly topic: TestTopic;
  readonly kafka: string;
  readonly store: PostgresConsumerStore;
  readonly options?: Partial<ConsumerOptions>;
  readonly behave?: (batch: EventBatch) => void | Promise<void>;
}

/** A Nest microservice that is a member of the group, on the real broker. */
export class GroupMember {
  private constructor(
    readonly server: KafkaEventServer,
    readonly broker: Broker,
    private readonly app: INestMicroservice,
    /** What would have ended the process. */
    readonly fatal: readonly unknown[],
  ) {}

  /** Starts a member; its join goes on when this resolves. */
  static async start(settings: MemberSettings): Promise<GroupMember> {
    const { topic, kafka, store, options, behave = () => undefined } = settings;
    const fatal: unknown[] = [];
    const broker = createKafkaBroker({ clientId: topic.group, brokers: [kafka] });
    const server = new KafkaEventServer({
      options: {
        group: topic.group,
        ordering: 'none',
        retry: retryPlan(),
        commitIntervalMs: 200,
        ...options,
      },
      services: topic.services,
      broker,
      store,
      onFatal: (error) => fatal.push(error),
    });
    const module = await Test.createTestingModule({ controllers: [topic.consumer(behave)] }).compile();
    const app = module.createNestMicroservice({ strategy: server, logger: false });
    await app.listen();
    return new GroupMember(server, broker, app, fatal);
  }

  /** Drains, commits and leaves the group. */
  async stop(): Promise<void> {
    await this.app.close();
  }
}
