import type { Transaction } from './transaction.js';

/** Where an event stands that left the happy path. */
export type FailureState = 'retrying' | 'dying' | 'dead' | 'resolved';

/** Why an event is dead. */
export type DeathReason = 'DECODE' | 'CONTRACT' | 'FATAL' | 'EXHAUSTED' | 'EXPIRED';

/** An event to be claimed in the inbox. */
export interface InboxEntry {
  readonly eventId: string;
  /** When the record reached this process, milliseconds since the epoch. */
  readonly receivedAt: number;
}

/** What the inbox and the failures know of an event at the moment of its claim. */
export interface Claim {
  readonly eventId: string;
  /** True for the one transaction that may apply the effect. */
  readonly fresh: boolean;
  /** Set when the event left the happy path before and is not resolved. */
  readonly failure?: KnownFailure;
}

/** A failure as it was recorded: enough to publish its record again. */
export interface KnownFailure {
  readonly state: FailureState;
  /** True once the broker has acknowledged the record that the state speaks of. */
  readonly acknowledged: boolean;
  readonly attempt: number;
  readonly reason: DeathReason;
  readonly errorClass: string;
  readonly errorMessage: string;
}

/** An event on its way out of the happy path. */
export interface FailedEvent {
  readonly group: string;
  readonly eventId: string;
  readonly state: FailureState;
  readonly attempt: number;
  readonly reason: DeathReason;
  /** Class of the error, without values. */
  readonly errorClass: string;
  /** Message of the error, without Postgres' detail, at most 1 KiB. */
  readonly errorMessage: string;
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** What became of an attempt to record a failure. */
export type FailureRecorded = 'recorded' | 'already-dead' | 'already-done';

/** Where an event stands in a group, as `GET /ops/events/:id` tells it. */
export type EventState = 'done' | 'parked' | 'retrying' | 'dying' | 'dead' | 'resolved' | 'unknown';

/** Answer about one event of a group. */
export interface EventStatus {
  readonly eventId: string;
  readonly state: EventState;
  readonly processedAt?: Date;
  readonly attempts?: number;
  readonly reason?: string;
}

/**
 * The consumer runtime's memory, in the service's own schema: the inbox that makes effects happen once and the
 * events that left the happy path. Times come in as parameters, from the runtime's clock.
 */
export abstract class ConsumerStore {
  /** Runs work in one transaction; whatever it throws rolls back and is thrown on unchanged. */
  abstract transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result>;

  /**
   * Claims events in the inbox within the effect's transaction, in one statement. Of two transactions that
   * claim the same event the second waits for the first and is then told that it is not fresh.
   */
  abstract claim(
    tx: Transaction,
    group: string,
    entries: readonly InboxEntry[],
    processedAt: number,
  ): Promise<readonly Claim[]>;

  /** Records, in a transaction of its own, that an event leaves the happy path; not yet acknowledged. */
  abstract recordFailure(failure: FailedEvent, at: number): Promise<FailureRecorded>;

  /** Notes that the broker has acknowledged the record of a failure; dying becomes dead. */
  abstract acknowledgeFailure(group: string, eventId: string, at: number): Promise<void>;

  /** Tells where events stand, in the order asked; unknown ones included. */
  abstract statesOf(group: string, eventIds: readonly string[]): Promise<readonly EventStatus[]>;

  /** Succeeds when the database answers. */
  abstract probe(): Promise<void>;
}
