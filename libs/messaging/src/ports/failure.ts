/** Where an event stands that left the happy path. */
export type FailureState = 'retrying' | 'dying' | 'dead' | 'resolved';

/** Why an event is dead; FOLLOWER: it stood behind a dead event of its key and the key was drained. */
export type DeathReason = 'DECODE' | 'CONTRACT' | 'FATAL' | 'EXHAUSTED' | 'EXPIRED' | 'FOLLOWER';

/** Why an event left the happy path: it failed and is retried, or it is dead. */
export type FailureReason = 'RETRYABLE' | DeathReason;

/** A failure as it was recorded: enough to publish its record again. */
export interface KnownFailure {
  readonly state: Exclude<FailureState, 'resolved'>;
  /** True once the broker has acknowledged the record that the state speaks of. */
  readonly acknowledged: boolean;
  /** Attempts spent. */
  readonly attempt: number;
  readonly reason: FailureReason;
  readonly errorClass: string;
  readonly errorMessage: string;
  /** Milliseconds since the epoch. */
  readonly firstFailureAt: number;
  /** When the next attempt is due, milliseconds since the epoch; of a retrying event only. */
  readonly notBefore?: number;
  /** The replay that it failed in, if any. */
  readonly replayId?: string;
}

/** An event on its way out of the happy path. */
export interface FailedEvent {
  readonly group: string;
  readonly eventId: string;
  readonly state: 'retrying' | 'dying';
  readonly attempt: number;
  readonly reason: FailureReason;
  /** Class of the error, without values. */
  readonly errorClass: string;
  /** Message of the error, without Postgres' detail, at most 1 KiB. */
  readonly errorMessage: string;
  /** Milliseconds since the epoch. */
  readonly firstFailureAt: number;
  /** Milliseconds since the epoch; of a retrying event only. */
  readonly notBefore?: number;
  /** The replay that it fails in: the one thing that may make a dead event die again. */
  readonly replayId?: string;
  /** Where the record was consumed first. */
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/** Unresolved dead events of a topic that died for one reason. */
export interface DeadCount {
  readonly topic: string;
  readonly reason: FailureReason;
  readonly count: number;
  /** When the oldest of them died, milliseconds since the epoch. */
  readonly oldestAt: number;
}

/** What became of an attempt to record a failure. */
export type FailureRecorded = 'recorded' | 'already-dead' | 'already-done';

/** The record of a failure that the broker has acknowledged. */
export interface Acknowledgement {
  readonly group: string;
  readonly eventId: string;
  /** Attempt that was recorded; an acknowledgement of another one changes nothing. */
  readonly attempt: number;
  /** Set when the event is the parked head of a key: whether the dead head stays there and blocks its key. */
  readonly head?: ParkedPlace & { readonly stays: boolean };
}

/** Place of a parked event within its key. */
export interface ParkedPlace extends BlockedKey {
  readonly offset: bigint;
}

/** A key whose events wait behind its head. */
export interface BlockedKey {
  readonly topic: string;
  readonly partition: number;
  /** Ordering key: the record's key, or one of its own for a record without. */
  readonly key: Buffer;
}
