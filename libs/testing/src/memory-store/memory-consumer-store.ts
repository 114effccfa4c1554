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
import { acknowledgeFailure, deadCounts, recordFailure } from './memory-failures.js';
import { claimEvents, statusOf, takeOverEvents } from './memory-inbox.js';
import {
  endBlockOf,
  keysOf,
  lockParkedKey,
  parkRecords,
  postponeHead,
  takeParkedRecords,
} from './memory-parking.js';
import { purgeBefore } from './memory-purge.js';
import { armEvent, finishReplay, replayCounts, startReplay } from './memory-replays.js';
import { MemoryTables, type FailureRow } from './memory-tables.js';
import { memoryTransaction, MemoryTransaction } from './memory-transaction.js';

/** A step of the store that a test may observe or make fail: each of its methods, and the commit of a transaction. */
export type StoreStep = Exclude<keyof ConsumerStore, 'statesOf' | 'deadEvents'> | 'commit';

/** Error of the class that a database that is away has in the real driver. */
export function databaseAway(message = 'connect ECONNREFUSED'): Error {
  return Object.assign(new Error(message), { code: 'ECONNREFUSED' });
}

/**
 * The consumer runtime's memory without a database, with the same transactions, locks and answers as on Postgres.
 * What a handler passes to `tx.query` as parameters is its effect, kept when its transaction commits.
 */
export class MemoryConsumerStore extends ConsumerStore {
  /** Committed effects of all groups in the order of their commits. */
  readonly effects: unknown[] = [];
  /** Set to refuse everything as if the database were away. */
  down = false;
  /** Called at the beginning of each step; throw (or reject) to make it fail. */
  onStep: ((step: StoreStep) => void | Promise<void>) | undefined;
  private readonly tables = new MemoryTables();

  /** Committed failures of all groups by event id. */
  get failures(): ReadonlyMap<string, FailureRow> {
    return new Map([...this.tables.failures.rows.values()].map((row) => [row.eventId, row]));
  }

  /** Ids of the events that are parked. */
  get parkedIds(): ReadonlySet<string> {
    return new Set([...this.tables.parked.rows.values()].map(({ parked }) => parked.eventId));
  }

  /** Transactions that wait for a lock of another. */
  get waiting(): number {
    return this.tables.locks.waiting;
  }

  /** Every committed row, for tests that look for what is to be gone. */
  get rows(): readonly object[] {
    const { inbox, failures, keys, parked, replays, replayEvents } = this.tables;
    return [inbox, failures, keys, parked, replays, replayEvents].flatMap(({ rows }) => [...rows.values()]);
  }

  /** Makes an event done in every group, as another owner of its partition does. */
  markDone(eventId: string): void {
    this.tables.done.add(eventId);
  }

  async transaction<Result>(
    work: (tx: Transaction) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    signal?.throwIfAborted();
    await this.enter('transaction');
    return this.within(async (tx) => {
      const result = await work(tx);
      await this.enter('commit');
      this.commit(tx);
      return result;
    }, signal);
  }

  async rehearse(work: (tx: Transaction) => Promise<void>, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    await this.enter('rehearse');
    await this.within(work, signal);
  }

  async claim(
    tx: Transaction,
    group: string,
    entries: readonly InboxEntry[],
    at: number,
  ): Promise<readonly Claim[]> {
    await this.enter('claim');
    return claimEvents(memoryTransaction(tx), group, entries, at);
  }

  async takeOver(
    tx: Transaction,
    group: string,
    entries: readonly TakenOver[],
    at: number,
  ): Promise<readonly Claim[]> {
    await this.enter('takeOver');
    return takeOverEvents(memoryTransaction(tx), group, entries, at);
  }

  recordFailure(failure: FailedEvent, at: number, parked?: ParkedRecord): Promise<FailureRecorded> {
    return this.own('recordFailure', (tx) => recordFailure(tx, failure, at, parked));
  }

  acknowledgeFailure(acknowledged: Acknowledgement, at: number): Promise<void> {
    return this.own('acknowledgeFailure', (tx) => acknowledgeFailure(tx, acknowledged, at));
  }

  park(
    group: string,
    records: readonly ParkedRecord[],
    at: number,
    head?: HeadWait,
  ): Promise<readonly Claim[]> {
    return this.own('park', (tx) => parkRecords(tx, group, records, at, head));
  }

  blockedKeys(group: string, topic: string, partition: number): Promise<readonly BlockedKey[]> {
    return this.own('blockedKeys', async (tx) => keysOf(tx, group, topic, partition));
  }

  dueKeys(
    group: string,
    topic: string,
    partition: number,
    at: number,
    dead: boolean,
  ): Promise<readonly BlockedKey[]> {
    return this.own('dueKeys', async (tx) =>
      keysOf(tx, group, topic, partition, ({ state, notBefore }) =>
        state === 'dead' ? dead : notBefore <= at,
      ).slice(0, 100),
    );
  }

  async lockParked(
    tx: Transaction,
    group: string,
    key: BlockedKey,
    limit: number,
  ): Promise<ParkedRun | undefined> {
    await this.enter('lockParked');
    return lockParkedKey(memoryTransaction(tx), group, key, limit);
  }

  async takeParked(
    tx: Transaction,
    group: string,
    key: BlockedKey,
    records: readonly ParkedRecord[],
    at: number,
  ): Promise<{ readonly free: boolean }> {
    await this.enter('takeParked');
    return takeParkedRecords(memoryTransaction(tx), group, key, records, at);
  }

  postponeHead(group: string, key: BlockedKey, wait: HeadWait): Promise<void> {
    return this.own('postponeHead', (tx) => postponeHead(tx, group, key, wait));
  }

  endBlock(
    group: string,
    key: Buffer,
    how: 'release' | 'discard',
    at: number,
    topic?: string,
  ): Promise<readonly EndedBlock[]> {
    return this.own('endBlock', (tx) => endBlockOf(tx, group, key, how, at, topic));
  }

  startReplay(replay: ReplayStarted): Promise<void> {
    return this.own('startReplay', async (tx) => startReplay(tx, replay));
  }

  arm(group: string, eventId: string, replayId: string, at: number): Promise<Armed> {
    return this.own('arm', (tx) => armEvent(tx, group, eventId, replayId, at));
  }

  replayCounts(group: string, replayId: string): Promise<ReplayCounts> {
    return this.own('replayCounts', async (tx) => replayCounts(tx, group, replayId));
  }

  finishReplay(
    _group: string,
    replayId: string,
    end: 'completed' | 'stopped' | 'aborted',
    at: number,
  ): Promise<void> {
    return this.own('finishReplay', async (tx) => finishReplay(tx, replayId, end, at));
  }

  async deadEvents(group: string): Promise<readonly DeadCount[]> {
    if (this.down) throw databaseAway();
    return deadCounts(this.tables, group);
  }

  async statesOf(group: string, eventIds: readonly string[]): Promise<readonly EventStatus[]> {
    const tx = new MemoryTransaction(this.tables);
    return eventIds.map((eventId) => statusOf(tx, group, eventId));
  }

  purge(group: string, before: number): Promise<void> {
    return this.own('purge', (tx) => purgeBefore(tx, group, before));
  }

  async probe(): Promise<void> {
    await this.enter('probe');
  }

  /** A step that is a transaction of its own. */
  private async own<Result>(
    step: StoreStep,
    work: (tx: MemoryTransaction) => Promise<Result>,
  ): Promise<Result> {
    await this.enter(step);
    return this.within(async (tx) => {
      const result = await work(tx);
      this.commit(tx);
      return result;
    });
  }

  private async within<Result>(
    work: (tx: MemoryTransaction) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    const tx = new MemoryTransaction(this.tables);
    const ended = work(tx).finally(() => tx.end());
    if (!signal) return ended;
    const aborted = Promise.withResolvers<never>();
    const abort = () => {
      tx.end();
      aborted.reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    return Promise.race([ended, aborted.promise]).finally(() => signal.removeEventListener('abort', abort));
  }

  private commit(tx: MemoryTransaction): void {
    tx.commit();
    this.effects.push(...tx.effects);
  }

  private async enter(step: StoreStep): Promise<void> {
    if (this.down) throw databaseAway();
    await this.onStep?.(step);
  }
}
