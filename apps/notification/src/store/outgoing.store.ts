import { Injectable } from '@nestjs/common';
import { Transactions } from '@millrace/persistence';
import type { AfterFailure } from '../domain/delivery.js';
import { CLAIM, RELEASE, SETTLE } from './outgoing.sql.js';

/** A notification that this process may send until its lease ends. */
export interface ClaimedNotification {
  readonly id: string;
  readonly recipient: string;
  readonly subject: string;
  readonly body: string;
  /** Number of this attempt, from 1. */
  readonly attempts: number;
}

/** What became of an attempt; `error` in a few words. */
export type Outcome = Pick<ClaimedNotification, 'id' | 'attempts'> &
  ({ readonly state: 'sent' } | (AfterFailure & { readonly error: string }));

/** The ledger as the sender uses it; leases and due times go by the database's clock, which all senders share. */
@Injectable()
export class OutgoingStore {
  constructor(private readonly transactions: Transactions) {}

  /** Claims due notifications for that many milliseconds; rows that another sender claims now are skipped. */
  claim(limit: number, leaseMs: number): Promise<ClaimedNotification[]> {
    return this.transactions.read<ClaimedNotification>(CLAIM, [limit, leaseMs]);
  }

  /**
   * Writes down what became of attempts, in one statement. A success always counts; a failure only as long as
   * nobody else has claimed the row since.
   */
  async settle(outcomes: readonly Outcome[]): Promise<void> {
    await this.transactions.read(SETTLE, [
      outcomes.map(({ id }) => id),
      outcomes.map(({ attempts }) => attempts),
      outcomes.map(({ state }) => state),
      outcomes.map((outcome) => (outcome.state === 'queued' ? outcome.delayMs : 0)),
      outcomes.map((outcome) => (outcome.state === 'sent' ? null : outcome.error)),
    ]);
  }

  /** Gives claimed notifications back, due at once, as if they had never been claimed. */
  async release(claimed: readonly ClaimedNotification[]): Promise<void> {
    await this.transactions.read(RELEASE, [
      claimed.map(({ id }) => id),
      claimed.map(({ attempts }) => attempts),
    ]);
  }
}
