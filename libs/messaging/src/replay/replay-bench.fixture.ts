import { randomUUID } from 'node:crypto';
import { deadLetterTopic, replayTopic } from '@millrace/contracts';
import {
  MemoryBroker,
  MemoryConsumerStore,
  orderCreatedRecord,
  VirtualClock,
} from '@millrace/testing/runtime';
import { deadLetterOf, type Departure } from '../failure/departing-record.js';
import type { BrokerRecord } from '../ports/broker.port.js';
import type { FailedEvent } from '../ports/failure.js';
import type { ParkedRecord } from '../ports/parking.js';
import type { Armed, ReplayStarted } from '../ports/replay-ledger.js';
import { Replayer } from './replayer.js';
import type { ReplayReport, TryOutResult } from './replay-report.js';
import type { ReplayRequest } from './replay-request.js';

/** Source topic of the replays. */
export const TOPIC = 'order.created';
/** Group of the replays. */
export const GROUP = 'fraud';
/** Partitions of every topic. */
export const PARTITIONS = 3;

/** The store in memory, which also keeps what it was told of replays and what became of their events. */
export class ReplayMemory extends MemoryConsumerStore {
  readonly started: ReplayStarted[] = [];
  readonly ends: string[] = [];
  /** Names of the calls that write, in order. */
  readonly writes: string[] = [];
  /** Called before an event is armed; throw to fail. */
  onArm: ((eventId: string) => void | Promise<void>) | undefined;

  override async startReplay(started: ReplayStarted): Promise<void> {
    this.writes.push('start');
    this.started.push(started);
    await super.startReplay(started);
  }

  override async arm(group: string, eventId: string, replayId: string, at: number): Promise<Armed> {
    this.writes.push('arm');
    await this.onArm?.(eventId);
    return super.arm(group, eventId, replayId, at);
  }

  override async finishReplay(
    ...[group, replayId, end, at]: Parameters<MemoryConsumerStore['finishReplay']>
  ): Promise<void> {
    this.writes.push('finish');
    this.ends.push(end);
    await super.finishReplay(group, replayId, end, at);
  }

  /** The consumer's part: an event dies, in a replay or without; with `parked` as the head that blocks its key. */
  async kill(eventId: string, at: number, replayId?: string, parked?: ParkedRecord): Promise<void> {
    const failure: FailedEvent = {
      group: GROUP,
      eventId,
      state: 'dying',
      attempt: 3,
      reason: 'EXHAUSTED',
      errorClass: 'RetryableError',
      errorMessage: 'not yet',
      firstFailureAt: at,
      topic: TOPIC,
      partition: 1,
      offset: 40n,
      ...(replayId === undefined ? {} : { replayId }),
    };
    await this.recordFailure(failure, at, parked);
    const { key = Buffer.alloc(0), record } = parked ?? {};
    const head = record && { ...record, key, stays: true };
    await this.acknowledgeFailure({ group: GROUP, eventId, attempt: 3, ...(head ? { head } : {}) }, at);
  }

  /** The consumer's part: a replayed event takes effect. */
  async resolve(eventId: string, at: number): Promise<void> {
    const replayId = this.failures.get(eventId)?.replayId ?? '';
    const entry = { eventId, receivedAt: at, by: { replayId } };
    await this.transaction((tx) => this.takeOver(tx, GROUP, [entry], at));
  }
}

/** A dead-letter topic in memory and a replayer for it. */
export class ReplayBench {
  readonly broker = new MemoryBroker();
  readonly clock = new VirtualClock();
  readonly store = new ReplayMemory();
  /** Records that were tried out. */
  readonly triedOut: BrokerRecord[] = [];
  /** What trying out answers. */
  tryOut: (record: BrokerRecord) => TryOutResult = () => ({ ok: true });

  constructor() {
    this.broker.createTopic(deadLetterTopic(GROUP, TOPIC), PARTITIONS);
    this.broker.createTopic(replayTopic(GROUP, TOPIC), PARTITIONS);
  }

  /** An event dies and its dead letter is written; returns its id. */
  async die(death: Partial<Departure> = {}): Promise<string> {
    const eventId = death.eventId ?? randomUUID();
    const letter = deadLetterOf(
      {
        group: GROUP,
        eventId,
        source: sourceOf(eventId),
        reason: 'EXHAUSTED',
        attempt: 3,
        firstFailureAt: this.clock.now(),
        traceparent: null,
        serviceVersion: '1.2.3',
        errorClass: 'RetryableError',
        errorMessage: 'not yet',
        errorStack: 'RetryableError: not yet',
        ...death,
      },
      'full',
    );
    const { partition = 0, key, value, headers } = letter;
    this.broker.append(letter.topic, partition, { key, value, headers, timestamp: this.clock.now() });
    await this.store.kill(eventId, this.clock.now(), death.replay?.replayId);
    return eventId;
  }

  /** The same for the head of a key, which it blocks from now on. */
  async dieAsHead(): Promise<string> {
    const eventId = randomUUID();
    const record = sourceOf(eventId);
    const parked = { eventId, key: record.key ?? Buffer.alloc(0), record, receivedAt: 0 };
    await this.store.kill(eventId, this.clock.now(), undefined, parked);
    return this.die({ eventId, source: record });
  }

  /** That many events die, in the order of their ids. */
  dieMany(count: number): Promise<string[]> {
    return Promise.all(Array.from({ length: count }, () => this.die()));
  }

  /** How the consumer sees the event of a replay end. */
  settle(eventId: string, result: 'done' | 'failed'): Promise<void> {
    const at = this.clock.now();
    if (result === 'done') return this.store.resolve(eventId, at);
    return this.store.kill(eventId, at, this.store.failures.get(eventId)?.replayId);
  }

  /** Runs a replay in virtual time. */
  replay(request: Partial<ReplayRequest> = {}): Promise<ReplayReport> {
    const { broker, clock, store } = this;
    const replayer = new Replayer({
      group: GROUP,
      topic: TOPIC,
      broker,
      clock,
      store,
      tryOut: async (record) => {
        this.triedOut.push(record);
        return this.tryOut(record);
      },
    });
    return clock.runUntil(replayer.replay({ by: 'ada', why: 'the price service is back', ...request }));
  }

  /** Records on the replay topic. */
  get replayed(): readonly BrokerRecord[] {
    return this.broker.records(replayTopic(GROUP, TOPIC));
  }
}

/** The record of an event at its first place. */
export function sourceOf(eventId: string, partition = 1): BrokerRecord {
  return {
    ...orderCreatedRecord(undefined, eventId),
    topic: TOPIC,
    partition,
    offset: 40n,
    timestamp: 1_000,
  };
}
