import type { BrokerRecord } from './broker.port.js';
import type { BlockedKey, KnownFailure } from './failure.js';

/** A record that waits for its key, with everything that it was fetched with. */
export interface ParkedRecord {
  readonly eventId: string;
  /** Ordering key. */
  readonly key: Buffer;
  readonly record: BrokerRecord;
  /** When it first reached a process, milliseconds since the epoch. */
  readonly receivedAt: number;
}

/** How the head of a key waits. */
export interface HeadWait {
  /** Attempts spent. */
  readonly attempt: number;
  /** When the next attempt is due, milliseconds since the epoch. */
  readonly notBefore: number;
  /** Milliseconds since the epoch. */
  readonly firstFailureAt: number;
}

/** A parked key that this transaction has locked, and its lowest records in log order. */
export interface ParkedRun extends BlockedKey {
  /** `dead`: the head is dead and stays. */
  readonly state: 'waiting' | 'dead';
  readonly attempt: number;
  /** When the next attempt is due, milliseconds since the epoch. */
  readonly notBefore: number;
  /** Of the head; undefined when it was never tried. */
  readonly firstFailureAt?: number;
  readonly records: readonly ParkedRecord[];
  /** What is known of the head's failure, unless it is resolved or was none. */
  readonly failure?: KnownFailure;
  /** The replay that has re-armed the head, if one has. */
  readonly replay?: { readonly replayId: string; readonly outsideEffects: boolean };
}

/** Answer to an operator who ends the block of a key. */
export interface EndedBlock {
  readonly topic: string;
  readonly partition: number;
  /** Event at the dead head. */
  readonly eventId: string;
  /** Records that waited behind it and go on now. */
  readonly waiting: number;
}
