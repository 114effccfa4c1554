import { randomBytes, randomUUID } from 'node:crypto';
import { Test } from '@nestjs/testing';
import {
  consumerView,
  deadLetterTopic,
  EventHeader,
  replayTopic,
  type EventDefinition,
  type ServiceTopology,
} from '@millrace/contracts';
import { PostgresConsumerStore } from '@millrace/persistence';
import type { TestDatabase } from '@millrace/testing';
import type { INestMicroservice } from '@nestjs/common';
import type { Admin } from 'kafkajs';
import type { ConsumerOptions } from '../api/consumer-options.js';
import { FatalError } from '../api/errors.js';
import type { EventBatch, ReceivedEvent } from '../api/event-batch.js';
import { EventConsumer, OnEvent } from '../api/event-consumer.decorator.js';
import type { EventContext } from '../api/event-context.js';
import { RuntimeHeader } from '../failure/header-names.js';
import type { Broker, BrokerRecord } from '../ports/broker.port.js';
import type { ReplayReport } from '../replay/replay-report.js';
import type { ReplayRequest } from '../replay/replay-request.js';
import { KafkaEventServer } from '../runtime/kafka-event-server.js';
import { createKafkaBroker } from './kafka-broker.js';

/** Partitions of every topic of a trial. */
export const TRIAL_PARTITIONS = 3;

/** Where a trial takes place. */
export interface TrialPlace {
  readonly database: TestDatabase;
  /** host:port of the broker. */
  readonly kafka: string;
  readonly admin: Admin;
  readonly producer: Broker;
}

/** An event of a trial, with a trace of its own. */
export interface TrialEvent {
  readonly id: string;
  /** The record's key, a UUID; its records lie in one partition. */
  readonly key: string;
  readonly traceId: string;
}

/** New events, each with a key of its own or all with the one given. */
export function trialEvents(count: number, key?: string): TrialEvent[] {
  return Array.from({ length: count }, () => ({
    id: randomUUID(),
    key: key ?? randomUUID(),
    traceId: randomBytes(16).toString('hex'),
  }));
}

/** Ids of events, sorted. */
export function idsOf(events: readonly TrialEvent[]): string[] {
  return events.map(({ id }) => id).toSorted();
}

/** A group with one member, whose handler fails, reports and writes as it is told. */
export class ReplayGroup {
  /** Throws for the events that fail. */
  fails: (event: ReceivedEvent) => void = () => undefined;
  /** Called after the effects were written, in their transaction. */
  handled: (batch: EventBatch, context: EventContext) => Promise<void> = async () => undefined;
  readonly deadLetters: string;
  readonly replays: string;
  /** What would have ended the process. */
  readonly fatal: unknown[] = [];
  private server: KafkaEventServer | undefined;
  private app: INestMicroservice | undefined;

  constructor(
    private readonly place: TrialPlace,
    private readonly event: EventDefinition,
    private readonly services: readonly ServiceTopology[],
    private readonly options: ConsumerOptions,
  ) {
    this.deadLetters = deadLetterTopic(options.group, event.topic);
    this.replays = replayTopic(options.group, event.topic);
  }

  async start(): Promise<void> {
    const { database, kafka } = this.place;
    this.server = new KafkaEventServer({
      options: this.options,
      services: this.services,
      broker: createKafkaBroker({ clientId: this.options.group, brokers: [kafka] }),
      store: new PostgresConsumerStore(database.dataSource),
      onFatal: (error) => this.fatal.push(error),
    });
    const module = await Test.createTestingModule({ controllers: [this.consumer()] }).compile();
    this.app = module.createNestMicroservice({ strategy: this.server, logger: false });
    await this.app.listen();
  }

  async stop(): Promise<void> {
    await this.app?.close();
  }

  /** From now on these events fail, and no others. */
  fail(events: readonly TrialEvent[], error: () => never = never): void {
    const ids = new Set(idsOf(events));
    this.fails = ({ id }) => {
      if (ids.has(id)) error();
    };
  }

  /** The cause is mended: nothing fails any more. */
  mend(): void {
    this.fails = () => undefined;
  }

  /** Replays dead events of the topic to this group. */
  async replay(request: Partial<ReplayRequest> = {}): Promise<ReplayReport> {
    if (!this.server) throw new Error('start the group before it replays');
    return this.server.replay(this.event.topic, { by: 'ada', why: 'the cause is mended', ...request });
  }

  /** Rows of one statement whose first parameter is the group. */
  rows<Row extends object>(sql: string, ...more: readonly unknown[]): Promise<Row[]> {
    return this.place.database.dataSource.query<Row[]>(sql, [this.options.group, ...more]);
  }

  /** Ids of the events that took effect, in the order of their effects. */
  async effects(): Promise<string[]> {
    const rows = await this.rows<{ event_id: string }>(
      'SELECT event_id FROM effect WHERE consumer_group = $1 ORDER BY place',
    );
    return rows.map(({ event_id }) => event_id);
  }

  /** Ids of the dead events, sorted. */
  async dead(): Promise<string[]> {
    const rows = await this.rows<{ event_id: string }>(
      `SELECT event_id FROM failed_event WHERE consumer_group = $1 AND state = 'dead' AND acked`,
    );
    return rows.map(({ event_id }) => event_id).toSorted();
  }

  /** Ids of the events of a replay with that result, sorted. */
  async ledger(replayId: string, result: 'sent' | 'done' | 'failed'): Promise<string[]> {
    const rows = await this.rows<{ event_id: string }>(
      'SELECT event_id FROM replay_event WHERE consumer_group = $1 AND replay_id = $2 AND result = $3',
      replayId,
      result,
    );
    return rows.map(({ event_id }) => event_id).toSorted();
  }

  /** Ids of the events on its replay topic, sorted, each once: a producer that hears no answer sends again. */
  async replayed(): Promise<string[]> {
    const records = await this.records(this.replays);
    return [...new Set(records.map((record) => textOf(record, EventHeader.id) ?? ''))].toSorted();
  }

  /** Dead letters of an event in the order of its deaths: reason, replay id and replay count of each, once. */
  async deaths({ id }: TrialEvent): Promise<(string | undefined)[][]> {
    const told = [RuntimeHeader.errorReason, RuntimeHeader.replayId, RuntimeHeader.replayCount];
    const letters = await this.records(this.deadLetters);
    const deaths = letters
      .filter((letter) => textOf(letter, EventHeader.id) === id)
      .map((letter) => told.map((name) => textOf(letter, name)));
    return [...new Map(deaths.map((death) => [death.join(), death])).values()];
  }

  /** All records of one of its topics, partition by partition. */
  async records(topic: string): Promise<BrokerRecord[]> {
    const records: BrokerRecord[] = [];
    await this.place.producer.scan(topic, async (record) => {
      records.push(record);
      return 'continue';
    });
    return records;
  }

  /** Records of its replay topic that it has finished with, by its committed offsets. */
  async replaysCommitted(): Promise<number> {
    const partitions = Array.from({ length: TRIAL_PARTITIONS }, (_, partition) => ({
      topic: this.replays,
      partition,
    }));
    const positions = await this.place.producer.positions(`${this.options.group}.retry`, partitions);
    return positions.reduce((sum, { offset }) => sum + Number(offset), 0);
  }

  private consumer(): new () => object {
    const view = consumerView(this.event, ['orderId']);
    const take = (batch: EventBatch, context: EventContext) => this.take(batch, context);

    @EventConsumer(this.options)
    class Trial {
      @OnEvent(view)
      async take(batch: EventBatch, context: EventContext) {
        await take(batch, context);
      }
    }
    return Trial;
  }

  private async take(batch: EventBatch, context: EventContext): Promise<void> {
    const { events } = batch;
    for (const event of events) this.fails(event);
    await context.tx.query(
      `INSERT INTO effect (consumer_group, event_id, outside_effects, trace_id)
       SELECT $1, event_id, $2, trace_id FROM unnest($3::uuid[], $4::text[]) AS handled (event_id, trace_id)`,
      [
        context.group,
        context.outsideEffects,
        events.map(({ id }) => id),
        events.map(({ traceId }) => traceId),
      ],
    );
    await this.handled(batch, context);
  }
}

function never(): never {
  throw new FatalError('the price list is gone');
}

function textOf({ headers }: BrokerRecord, name: string): string | undefined {
  const value = headers[name];
  return value === undefined ? undefined : String(value);
}
