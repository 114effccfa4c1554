import type { Acknowledgement, BlockedKey, DeadCount, FailedEvent, FailureRecorded } from './failure.js';
import type { Claim, EventStatus, InboxEntry, TakenOver } from './inbox.js';
import type { EndedBlock, HeadWait, ParkedRecord, ParkedRun } from './parking.js';
import type { Armed, ReplayCounts, ReplayStarted } from './replay-ledger.js';
import type { Transaction } from './transaction.js';

/**
 * The consumer runtime's memory, in the service's own schema: the inbox that makes effects happen once, the events
 * that left the happy path, the events that wait for their key, and the ledger of replays. All times come in as
 * parameters, from the runtime's clock.
 *
 * The inbox row of (group, event) is the one lock: whoever applies the effect and whoever takes the event off the
 * happy path both insert it first, so that of two owners of a partition exactly one decides. A row without
 * `processed_at` says that the event left the happy path and has not taken effect.
 */
export abstract class ConsumerStore {
  /**
   * Runs work in one transaction; whatever it throws rolls back and is thrown on unchanged. When the signal aborts
   * meanwhile, its connection is destroyed, not returned to the pool, and the work rejects with the signal's reason.
   */
  abstract transaction<Result>(
    work: (tx: Transaction) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result>;

  /**
   * Runs work in a transaction that is rolled back in any case and waits for no lock longer than a second; whatever
   * it throws is thrown on unchanged.
   */
  abstract rehearse(work: (tx: Transaction) => Promise<void>, signal?: AbortSignal): Promise<void>;

  /**
   * Claims events of a source topic within the effect's transaction, in one statement as long as all of them are
   * fresh. Of two transactions that claim the same event the second waits for the first.
   */
  abstract claim(
    tx: Transaction,
    group: string,
    entries: readonly InboxEntry[],
    at: number,
  ): Promise<readonly Claim[]>;

  /**
   * Takes events over from the failures within the effect's transaction: a retry copy when the failure still is at
   * its attempt, a replayed record when its event is still dead and armed by that replay. `fresh` ones are resolved,
   * also in the ledger of replays, when the transaction commits.
   */
  abstract takeOver(
    tx: Transaction,
    group: string,
    entries: readonly TakenOver[],
    at: number,
  ): Promise<readonly Claim[]>;

  /**
   * Records, in a transaction of its own, that an event leaves the happy path; not yet acknowledged. With `parked`
   * the record is also parked as the head of its key, because its death is to block that key. A failure within a
   * replay is noted in the replay's ledger.
   */
  abstract recordFailure(failure: FailedEvent, at: number, parked?: ParkedRecord): Promise<FailureRecorded>;

  /**
   * Notes that the broker has acknowledged the record of a failure; dying becomes dead. A parked head stays and
   * makes its key dead, or makes way for the next record of its key.
   */
  abstract acknowledgeFailure(acknowledged: Acknowledgement, at: number): Promise<void>;

  /**
   * Parks records behind their keys, in a transaction of its own; with `head` the first one is the head of its key
   * and waits so. Records that are settled otherwise are not parked: the answer tells how those stand.
   */
  abstract park(
    group: string,
    records: readonly ParkedRecord[],
    at: number,
    head?: HeadWait,
  ): Promise<readonly Claim[]>;

  /** All blocked keys of a partition, waiting and dead. */
  abstract blockedKeys(group: string, topic: string, partition: number): Promise<readonly BlockedKey[]>;

  /** Keys of a partition whose head is due, longest due first, at most 100; with `dead` also those with a dead head. */
  abstract dueKeys(
    group: string,
    topic: string,
    partition: number,
    at: number,
    dead: boolean,
  ): Promise<readonly BlockedKey[]>;

  /**
   * Locks a parked key and reads its lowest records, at most that many; undefined when it is gone or somebody else
   * holds it. A key without any record left is ended here: `records` is then empty.
   */
  abstract lockParked(
    tx: Transaction,
    group: string,
    key: BlockedKey,
    limit: number,
  ): Promise<ParkedRun | undefined>;

  /**
   * Within the effect's transaction: these parked records of a locked key take effect, and the next one is the
   * head. Tells whether the key is free now, because no record is left.
   */
  abstract takeParked(
    tx: Transaction,
    group: string,
    key: BlockedKey,
    records: readonly ParkedRecord[],
    at: number,
  ): Promise<{ readonly free: boolean }>;

  /** The head of a key failed again and waits on, in a transaction of its own. */
  abstract postponeHead(group: string, key: BlockedKey, wait: HeadWait): Promise<void>;

  /**
   * Ends the block of every dead head with that key, of one topic or of all: its followers go on. Released, the head
   * stays dead and may be replayed later; discarded, it is resolved without an effect. Empty when no dead head blocks
   * the key.
   */
  abstract endBlock(
    group: string,
    key: Buffer,
    how: 'release' | 'discard',
    at: number,
    topic?: string,
  ): Promise<readonly EndedBlock[]>;

  /** Opens the ledger of a replay. */
  abstract startReplay(replay: ReplayStarted, at: number): Promise<void>;

  /**
   * Gives a dead event to a replay and writes its ledger row; a dead head that blocks its key is made to wait again,
   * due at once.
   */
  abstract arm(group: string, eventId: string, replayId: string, at: number): Promise<Armed>;

  /** How the events of a replay stand. */
  abstract replayCounts(group: string, replayId: string): Promise<ReplayCounts>;

  /** Closes the ledger of a replay with its end: completed, stopped by its canary, or aborted. */
  abstract finishReplay(
    group: string,
    replayId: string,
    end: 'completed' | 'stopped' | 'aborted',
    at: number,
  ): Promise<void>;

  /** Tells where events stand, in the order asked; unknown ones included. */
  abstract statesOf(group: string, eventIds: readonly string[]): Promise<readonly EventStatus[]>;

  /** How many events of a group are dead and not resolved, by topic and reason; what is not there has none. */
  abstract deadEvents(group: string): Promise<readonly DeadCount[]>;

  /** Forgets failures, parked records and replays that ended before that moment, and with them what they quote. */
  abstract purge(group: string, before: number): Promise<void>;

  /** Succeeds when the database answers. */
  abstract probe(): Promise<void>;
}
