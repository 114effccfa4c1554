import type { FailedEvent, FailureState, HeadWait, ParkedRecord, ReplayResult } from '@millrace/messaging';
import { RowLocks } from './row-locks.js';

/** Committed rows by their primary key; a row is never changed, only replaced. */
export class MemoryTable<Row extends object> {
  readonly rows = new Map<string, Row>();

  write(key: string, row: object | undefined): void {
    if (row === undefined) this.rows.delete(key);
    else this.rows.set(key, row as Row);
  }
}

/** An event that somebody has decided about; without `processedAt` it has not taken effect. */
export interface InboxRow {
  readonly processedAt?: number;
}

/** An event that left the happy path. */
export interface FailureRow extends Omit<FailedEvent, 'state'> {
  readonly state: FailureState;
  readonly acknowledged: boolean;
  readonly updatedAt: number;
}

/** A key whose events wait. */
export interface KeyRow {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly key: Buffer;
  readonly state: 'waiting' | 'dead';
  readonly attempt: number;
  readonly notBefore: number;
  readonly firstFailureAt?: HeadWait['firstFailureAt'];
}

/** An event that waits for its key. */
export interface ParkedRow {
  readonly group: string;
  readonly parked: ParkedRecord;
}

/** A replay and its end. */
export interface ReplayRow {
  readonly group: string;
  readonly replayId: string;
  readonly outsideEffects: boolean;
  readonly state: 'running' | 'completed' | 'stopped' | 'aborted';
  readonly finishedAt?: number;
}

/** What became of an event of a replay. */
export interface ReplayEventRow {
  readonly group: string;
  readonly replayId: string;
  readonly eventId: string;
  readonly result: ReplayResult;
}

/** Everything that a store in memory knows, of all groups. */
export class MemoryTables {
  readonly inbox = new MemoryTable<InboxRow>();
  readonly failures = new MemoryTable<FailureRow>();
  readonly keys = new MemoryTable<KeyRow>();
  readonly parked = new MemoryTable<ParkedRow>();
  readonly replays = new MemoryTable<ReplayRow>();
  readonly replayEvents = new MemoryTable<ReplayEventRow>();
  readonly locks = new RowLocks();
  /** Events that a test has declared done, in every group. */
  readonly done = new Set<string>();
}

/** Primary key of an event's rows in a group. */
export function eventKey(group: string, eventId: string): string {
  return `${group} ${eventId}`;
}

/** Primary key of a parked key. */
export function parkedKey(group: string, { topic, key }: { topic: string; key: Buffer }): string {
  return `${group} ${topic} ${key.toString('hex')}`;
}
