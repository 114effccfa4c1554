import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { randomBytes } from 'node:crypto';
import { expect } from '@jest/globals';
import {
  deadLetterTopic,
  EventHeader,
  topicsOf,
  topology,
  type TopicSpecification,
} from '@millrace/contracts';
import {
  channelOf,
  completeOptions,
  consumerOptionsOf,
  type BrokerRecord,
  type CompleteConsumerOptions,
  type Observation,
  type ObservationPoint,
  type OutgoingRecord,
} from '@millrace/messaging';
import { withHeaders, type ProducedRecord } from '../builders.js';
import { newEventId } from '../reference-consumer/reference-event.js';
import { ConformanceMember } from './conformance-member.js';
import type { ConsumerSubject } from './consumer-subject.js';
import { HandlerPlan } from './handler-plan.js';
import type { ConformancePlace } from './place/conformance-place.js';
import type { SubjectDatabase } from './subject-database.js';

/** Partitions of every topic of a case. */
export const CONFORMANCE_PARTITIONS = 3;

/** Records of which half must fail for a systemic hold. */
const SYSTEMIC_WINDOW = 20;

/** An event that a case produces. */
export interface ConformanceEvent {
  readonly id: string;
  /** Trace that it belongs to, 32 hex digits. */
  readonly traceId: string;
  readonly record: OutgoingRecord;
}

/** What a subject consumes, and all that exists for it. */
export function subscriptionOf({ consumer, services = topology }: ConsumerSubject) {
  const options = consumerOptionsOf(consumer);
  const service = services.find(({ name }) => name === options?.group);
  const sources = service?.consumes.map((subscription) => subscription.topic) ?? [];
  const [topic] = sources;
  if (!options || topic === undefined) throw new Error('the subject is no consumer that consumes a topic');
  const beside = topicsOf(services).filter(
    ({ name, owner }) => sources.includes(name) || owner === options.group,
  );
  const topics = beside.map((each): TopicSpecification => ({ ...each, partitions: CONFORMANCE_PARTITIONS }));
  return { options, topic, topics };
}

/** One case's consumer, with everything that may happen to it. */
export class ConformanceBench<Place extends ConformancePlace = ConformancePlace> {
  readonly plan = new HandlerPlan();
  readonly options: CompleteConsumerOptions;
  readonly topic: string;
  private readonly members: ConformanceMember[] = [];
  private deaf: () => void = () => undefined;

  constructor(
    private readonly subject: ConsumerSubject,
    readonly database: SubjectDatabase,
    readonly place: Place,
  ) {
    const { options, topic } = subscriptionOf(subject);
    this.topic = topic;
    this.options = completeOptions({ ...options, ...place.options, systemicWindow: SYSTEMIC_WINDOW });
  }

  /** Starts a member of the group and waits until it has joined. */
  async start(): Promise<ConformanceMember> {
    const { subject, database, place, plan, options } = this;
    const member = await ConformanceMember.start({ subject, database, place, plan, options });
    this.members.push(member);
    await place.reach(() => assertEqual(member.condition().joined, true));
    return member;
  }

  /** Good events, each about something of its own; all of one key if one is given. */
  events(count: number, partition = 0, key?: string): ConformanceEvent[] {
    return Array.from({ length: count }, () => {
      const id = newEventId();
      const traceId = randomBytes(16).toString('hex');
      const traceparent = `00-${traceId}-${randomBytes(8).toString('hex')}-01`;
      const record = withHeaders(this.subject.event(id), { [EventHeader.traceparent]: traceparent });
      const own = { ...record, key: Buffer.from(key ?? id) };
      return { id, traceId, record: outgoing(this.topic, partition, own) };
    });
  }

  /** Appends events to the log, in their order. */
  async produce(...events: readonly ConformanceEvent[]): Promise<void> {
    await this.place.append(events.map(({ record }) => record));
  }

  /** Waits until each of the events has taken effect, exactly once. */
  async takesEffect(...events: readonly ConformanceEvent[]): Promise<void> {
    const ids = events.map(({ id }) => id).toSorted();
    await this.place.reach(async () => assertEqual(await this.database.effectsOf(ids), ids));
  }

  /** Waits until everything that lies in the log of the source topic now was brought to its end, or was parked. */
  async catchesUp(): Promise<void> {
    const marks = Array.from({ length: CONFORMANCE_PARTITIONS }, (_, partition) => this.events(1, partition));
    await this.produce(...marks.flat());
    await this.takesEffect(...marks.flat());
  }

  /** How often each of the events has taken effect by now; none is no entry. */
  effectsOf(...events: readonly ConformanceEvent[]): Promise<readonly string[]> {
    return this.database.effectsOf(events.map(({ id }) => id));
  }

  /** Waits until an event is dead and its dead letter is acknowledged. */
  async dies(...events: readonly ConformanceEvent[]): Promise<void> {
    const ids = events.map(({ id }) => id);
    await this.place.reach(async () => {
      const states = await this.database.store.statesOf(this.options.group, ids);
      assertEqual(
        states.map(({ state }) => state),
        ids.map(() => 'dead'),
      );
    });
  }

  /** Dead letters with that event id, or all. */
  async deadLetters(eventId?: string): Promise<readonly BrokerRecord[]> {
    const letters = await this.place.records(deadLetterTopic(this.options.group, this.topic));
    return letters.filter(({ headers }) => !eventId || String(headers[EventHeader.id]) === eventId);
  }

  /** Where an event lies in the log. */
  async placeOf({ id }: ConformanceEvent): Promise<BrokerRecord> {
    const records = await this.place.records(this.topic);
    const found = records.find(({ headers }) => String(headers[EventHeader.id]) === id);
    if (!found) throw new Error(`event ${id} was not produced`);
    return found;
  }

  /** Kills every member at the first observation of that point; what the database is then doing is lost too, if asked. */
  killAt(point: ObservationPoint, { withDatabase = false } = {}): void {
    const name = channelOf(point);
    const listener = (message: unknown) => {
      if ((message as Observation).group.split('.')[0] !== this.options.group) return;
      this.deaf();
      this.place.kill();
      if (withDatabase) void this.database.cut();
    };
    this.deaf = () => void unsubscribe(name, listener);
    subscribe(name, listener);
  }

  /** Waits until a member is dead, puts another one in its place and gives it the database back. */
  async succeed(member: ConformanceMember): Promise<ConformanceMember> {
    await this.place.reach(() => assertEqual(member.fatal.length, 1));
    await this.stop(member);
    await this.database.restore();
    return this.start();
  }

  /** Stops a member cleanly. */
  stop(member: ConformanceMember): Promise<void> {
    return this.place.finish(member.stop());
  }

  /** Stops what still lives. */
  async close(): Promise<void> {
    this.deaf();
    this.plan.mend();
    await this.database.restore();
    for (const member of this.members) await this.stop(member);
    await this.place.close();
  }
}

function assertEqual<Value>(actual: Value, expected: Value): void {
  expect(actual).toEqual(expected);
}

function outgoing(topic: string, partition: number, record: ProducedRecord): OutgoingRecord {
  const present = Object.entries(record.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return { topic, partition, key: record.key, value: record.value, headers: Object.fromEntries(present) };
}
