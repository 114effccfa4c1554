import {
  ConsumerStore,
  type Acknowledgement,
  type Armed,
  type BlockedKey,
  type Claim,
  type DeadCount,
  type EndedBlock,
  type EventStatus,
  type FailedEvent,
  type FailureRecorded,
  type HeadWait,
  type InboxEntry,
  type ParkedRecord,
  type ParkedRun,
  type ReplayCounts,
  type ReplayStarted,
  type TakenOver,
  type Transaction,
} from '@millrace/messaging';
import type { DataSource } from 'typeorm';
import { claimEvents } from './store/claim-events.sql.js';
import { countDeadEvents } from './store/dead-events.sql.js';
import { eventStates } from './store/event-states.sql.js';
import { blockedKeys, dueKeys } from './store/parking/blocked-keys.sql.js';
import { postponeHead } from './store/parking/parked-keys.sql.js';
import { endBlockOf, lockParkedKey, parkRecords, takeParkedRecords } from './store/parking/parking.js';
import { purgeBefore } from './store/purge.sql.js';
import { acknowledgeFailure, recordFailure } from './store/record-failure.js';
import { armEvent, finishReplay, replayCounts, startReplay } from './store/replay-ledger.sql.js';
import { takeOverEvents } from './store/take-over.js';
import { Transactions } from './transactions.js';

/** How long a database may take to answer a probe; one that hangs would never do. */
const PROBE_WITHIN_MS = 2_000;

/**
 * The consumer runtime's memory on Postgres, in the service's own schema. Whatever locks rows of several tables locks
 * them in this order: parked keys, inbox, failed events, parked events; and of one table in the order of its key.
 */
export class PostgresConsumerStore extends ConsumerStore {
  private readonly transactions: Transactions;

  constructor(dataSource: DataSource) {
    super();
    this.transactions = new Transactions(dataSource);
  }

  transaction<Result>(work: (tx: Transaction) => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    return this.transactions.run(work, signal);
  }

  async rehearse(work: (tx: Transaction) => Promise<void>, signal?: AbortSignal): Promise<void> {
    const over = new Error('the rehearsal is over');
    const rehearsed = this.transactions.run(async (tx) => {
      await tx.query(`SET LOCAL lock_timeout = '1s'`);
      await work(tx);
      throw over;
    }, signal);
    await rehearsed.catch((error: unknown) => {
      if (error !== over) throw error;
    });
  }

  claim(
    tx: Transaction,
    group: string,
    entries: readonly InboxEntry[],
    at: number,
  ): Promise<readonly Claim[]> {
    return claimEvents(tx, group, entries, at);
  }

  takeOver(
    tx: Transaction,
    group: string,
    entries: readonly TakenOver[],
    at: number,
  ): Promise<readonly Claim[]> {
    return takeOverEvents(tx, group, entries, at);
  }

  recordFailure(failure: FailedEvent, at: number, parked?: ParkedRecord): Promise<FailureRecorded> {
    return this.transactions.run((tx) => recordFailure(tx, failure, at, parked));
  }

  acknowledgeFailure(acknowledged: Acknowledgement, at: number): Promise<void> {
    return this.transactions.run((tx) => acknowledgeFailure(tx, acknowledged, at));
  }

  park(
    group: string,
    records: readonly ParkedRecord[],
    at: number,
    head?: HeadWait,
  ): Promise<readonly Claim[]> {
    return this.transactions.run((tx) => parkRecords(tx, group, records, at, head));
  }

  blockedKeys(group: string, topic: string, partition: number): Promise<readonly BlockedKey[]> {
    return this.transactions.run((tx) => blockedKeys(tx, group, topic, partition));
  }

  dueKeys(
    group: string,
    topic: string,
    partition: number,
    at: number,
    dead: boolean,
  ): Promise<readonly BlockedKey[]> {
    return this.transactions.run((tx) => dueKeys(tx, group, topic, partition, at, dead));
  }

  lockParked(tx: Transaction, group: string, key: BlockedKey, limit: number): Promise<ParkedRun | undefined> {
    return lockParkedKey(tx, group, key, limit);
  }

  takeParked(
    tx: Transaction,
    group: string,
    key: BlockedKey,
    records: readonly ParkedRecord[],
    at: number,
  ): Promise<{ readonly free: boolean }> {
    return takeParkedRecords(tx, group, key, records, at);
  }

  postponeHead(group: string, key: BlockedKey, wait: HeadWait): Promise<void> {
    return this.transactions.run((tx) => postponeHead(tx, group, key, wait));
  }

  endBlock(
    group: string,
    key: Buffer,
    how: 'release' | 'discard',
    at: number,
    topic?: string,
  ): Promise<readonly EndedBlock[]> {
    return this.transactions.run((tx) => endBlockOf(tx, group, key, how, at, topic));
  }

  startReplay(replay: ReplayStarted, at: number): Promise<void> {
    return this.transactions.run((tx) => startReplay(tx, replay, at));
  }

  arm(group: string, eventId: string, replayId: string, at: number): Promise<Armed> {
    return this.transactions.run((tx) => armEvent(tx, group, eventId, replayId, at));
  }

  replayCounts(group: string, replayId: string): Promise<ReplayCounts> {
    return this.transactions.run((tx) => replayCounts(tx, group, replayId));
  }

  finishReplay(
    group: string,
    replayId: string,
    end: 'completed' | 'stopped' | 'aborted',
    at: number,
  ): Promise<void> {
    return this.transactions.run((tx) => finishReplay(tx, group, replayId, end, at));
  }

  statesOf(group: string, eventIds: readonly string[]): Promise<readonly EventStatus[]> {
    return this.transactions.run((tx) => eventStates(tx, group, eventIds));
  }

  deadEvents(group: string): Promise<readonly DeadCount[]> {
    return this.transactions.run((tx) => countDeadEvents(tx, group));
  }

  purge(group: string, before: number): Promise<void> {
    return this.transactions.run((tx) => purgeBefore(tx, group, before));
  }

  async probe(): Promise<void> {
    await this.transactions.run((tx) => tx.query('SELECT 1'), undefined, PROBE_WITHIN_MS);
  }
}
