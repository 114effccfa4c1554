import {
  ConsumerStore,
  type Claim,
  type EventStatus,
  type FailedEvent,
  type FailureRecorded,
  type InboxEntry,
  type Transaction,
} from '@millrace/messaging';
import type { DataSource } from 'typeorm';
import { claimEvents } from './store/claim-events.sql.js';
import { eventStates } from './store/event-states.sql.js';
import { acknowledgeFailedEvent, recordFailedEvent } from './store/failed-events.sql.js';
import { Transactions } from './transactions.js';

/** The consumer runtime's memory on Postgres, in the service's own schema. */
export class PostgresConsumerStore extends ConsumerStore {
  private readonly transactions: Transactions;

  constructor(dataSource: DataSource) {
    super();
    this.transactions = new Transactions(dataSource);
  }

  transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    return this.transactions.run(work);
  }

  claim(
    tx: Transaction,
    group: string,
    entries: readonly InboxEntry[],
    processedAt: number,
  ): Promise<readonly Claim[]> {
    return claimEvents(tx, group, entries, processedAt);
  }

  recordFailure(failure: FailedEvent, at: number): Promise<FailureRecorded> {
    return this.transactions.run((tx) => recordFailedEvent(tx, failure, at));
  }

  acknowledgeFailure(group: string, eventId: string, at: number): Promise<void> {
    return this.transactions.run((tx) => acknowledgeFailedEvent(tx, group, eventId, at));
  }

  statesOf(group: string, eventIds: readonly string[]): Promise<readonly EventStatus[]> {
    return this.transactions.run((tx) => eventStates(tx, group, eventIds));
  }

  async probe(): Promise<void> {
    await this.transactions.read('SELECT 1');
  }
}
