import { randomUUID } from 'node:crypto';
import { deadLetterTopic, replayTopic } from '@millrace/contracts';
import { MemoryBroker, orderCreatedRecord, VirtualClock } from '@millrace/testing/runtime';
import { deadLetterOf, type Departure } from '../failure/departing-record.js';
import type { BrokerRecord } from '../ports/broker.port.js';
import type { EventState, EventStatus } from '../ports/inbox.js';
import type { Armed, ReplayCounts, ReplayResult, ReplayStarted } from '../ports/replay-ledger.js';
import { Replayer, type ReplayStore } from './replayer.js';
import type { ReplayReport, TryOutResult } from './replay-report.js';
import type { ReplayRequest } from './replay-request.js';

/** Source topic of the replays. */
export const TOPIC = 'order.created';
/** Group of the replays. */
export const GROUP = 'fraud';
/** Partitions of every topic. */
export const PARTITIONS = 3;

/** What a ledger row of a test says. */
export interface LedgerEntry {
  readonly started: ReplayStarted;
  readonly results: Map<string, ReplayResult>;
  end?: string;
}

/** The part of the store that a replay uses, with its rules and nothing else; every call is written down. */
export class ReplayMemory implements ReplayStore {
  readonly states = new Map<string, EventState>();
  /** Dead events that block their keys. */
  readonly heads = new Set<string>();
  readonly ledger = new Map<string, LedgerEntry>();
  /** Names of the calls that write, in order. */
  readonly writes: string[] = [];
  /** Called before an event is armed; throw to fail. */
  onArm: ((eventId: string) => void) | undefined;

  async statesOf(_group: string, eventIds: readonly string[]): Promise<readonly EventStatus[]> {
    return eventIds.map((eventId) => ({ eventId, state: this.states.get(eventId) ?? 'unknown' }));
  }

  async startReplay(started: ReplayStarted): Promise<void> {
    this.writes.push('start');
    this.ledger.set(started.replayId, { started, results: new Map() });
  }

  async arm(_group: string, eventId: string, replayId: string): Promise<Armed> {
    this.writes.push('arm');
    this.onArm?.(eventId);
    if (this.states.get(eventId) !== 'dead') return 'not-dead';
    this.ledger.get(replayId)?.results.set(eventId, 'sent');
    return this.heads.has(eventId) ? 'rearmed' : 'armed';
  }

  async replayCounts(_group: string, replayId: string): Promise<ReplayCounts> {
    const results = [...(this.ledger.get(replayId)?.results.values() ?? [])];
    const count = (result: ReplayResult) => results.filter((one) => one === result).length;
    return { sent: count('sent'), done: count('done'), failed: count('failed') };
  }

  async finishReplay(_group: string, replayId: string, end: string): Promise<void> {
    this.writes.push('finish');
    const entry = this.ledger.get(replayId);
    if (entry) entry.end = end;
  }

  /** The consumer's part: an event of whichever replay has armed it takes effect or dies again. */
  settle(eventId: string, result: 'done' | 'failed'): void {
    for (const { results } of this.ledger.values())
      if (results.get(eventId) === 'sent') results.set(eventId, result);
    if (result === 'done') this.states.set(eventId, 'done');
  }

  /** The only row of the ledger. */
  get entry(): LedgerEntry {
    const [entry, ...more] = this.ledger.values();
    if (!entry || more.length > 0) throw new Error(`the ledger has ${this.ledger.size} rows`);
    return entry;
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

  /** Writes the dead letter of an event, which is dead from now on; returns its id. */
  die(death: Partial<Departure> = {}): string {
    const eventId = death.eventId ?? randomUUID();
    const letter = deadLetterOf(
      {
        group: GROUP,
        eventId,
        source: sourceOf(eventId),
        reason: 'EXHAUSTED',
        attempt: 3,
        firstFailureAt: this.clock.now(),
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
    this.store.states.set(eventId, 'dead');
    return eventId;
  }

  /** Writes the dead letters of that many events. */
  dieMany(count: number): string[] {
    return Array.from({ length: count }, () => this.die());
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
