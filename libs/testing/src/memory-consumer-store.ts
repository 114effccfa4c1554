import {
  ConsumerStore,
  type Claim,
  type EventStatus,
  type FailedEvent,
  type FailureRecorded,
  type InboxEntry,
  type Transaction,
} from '@millrace/messaging';

/** A step of the store that a test may observe or make fail. */
export type StoreStep = 'transaction' | 'claim' | 'commit' | 'recordFailure' | 'acknowledgeFailure' | 'probe';

/** Error of the class that a database that is away has in the real driver. */
export function databaseAway(message = 'connect ECONNREFUSED'): Error {
  return Object.assign(new Error(message), { code: 'ECONNREFUSED' });
}

class MemoryTransaction implements Transaction {
  readonly claimed: string[] = [];
  readonly effects: unknown[] = [];

  async query<Row extends object>(_sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    this.effects.push(...parameters);
    return [];
  }
}

/**
 * The inbox and the failures of one group in memory. What a handler passes to `tx.query` as parameters is its
 * effect, kept when its transaction commits.
 */
export class MemoryConsumerStore extends ConsumerStore {
  /** Committed effects in the order of their commits. */
  readonly effects: unknown[] = [];
  /** Failures by event id. */
  readonly failures = new Map<string, FailedEvent & { acknowledged: boolean }>();
  /** Set to refuse everything as if the database were away. */
  down = false;
  /** Called at the beginning of each step; throw (or reject) to make it fail. */
  onStep: ((step: StoreStep) => void | Promise<void>) | undefined;
  private readonly inbox = new Set<string>();
  private readonly claims = new Map<string, Promise<void>>();

  /** Makes an event done, as another owner of its partition does. */
  markDone(eventId: string): void {
    this.inbox.add(eventId);
  }

  async transaction<Result>(work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    await this.enter('transaction');
    const tx = new MemoryTransaction();
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    this.open.set(tx, ended);
    try {
      const result = await work(tx);
      await this.enter('commit');
      tx.claimed.forEach((id) => this.inbox.add(id));
      this.effects.push(...tx.effects);
      return result;
    } finally {
      tx.claimed.forEach((id) => this.claims.delete(id));
      this.open.delete(tx);
      end();
    }
  }

  async claim(tx: Transaction, _group: string, entries: readonly InboxEntry[]): Promise<readonly Claim[]> {
    await this.enter('claim');
    const claims: Claim[] = [];
    for (const eventId of new Set(entries.map((entry) => entry.eventId))) {
      // Whoever claims second waits for the first and then sees what became of it.
      while (this.claims.has(eventId)) await this.claims.get(eventId);
      const failure = this.failures.get(eventId);
      const fresh = !this.inbox.has(eventId) && !failure;
      if (fresh) this.reserve(tx, eventId);
      claims.push(failure ? { eventId, fresh, failure } : { eventId, fresh });
    }
    return claims;
  }

  async recordFailure(failure: FailedEvent): Promise<FailureRecorded> {
    await this.enter('recordFailure');
    if (this.inbox.has(failure.eventId)) return 'already-done';
    const known = this.failures.get(failure.eventId);
    if (known?.state === 'dead' && known.acknowledged) return 'already-dead';
    this.failures.set(failure.eventId, { ...failure, acknowledged: false });
    return 'recorded';
  }

  async acknowledgeFailure(_group: string, eventId: string): Promise<void> {
    await this.enter('acknowledgeFailure');
    const known = this.failures.get(eventId);
    if (known) this.failures.set(eventId, { ...known, state: 'dead', acknowledged: true });
  }

  async statesOf(_group: string, eventIds: readonly string[]): Promise<readonly EventStatus[]> {
    return eventIds.map((eventId) => ({
      eventId,
      state: this.inbox.has(eventId) ? 'done' : (this.failures.get(eventId)?.state ?? 'unknown'),
    }));
  }

  async probe(): Promise<void> {
    await this.enter('probe');
  }

  private readonly open = new Map<Transaction, Promise<void>>();

  private reserve(tx: Transaction, eventId: string): void {
    const ended = this.open.get(tx);
    if (!(tx instanceof MemoryTransaction) || !ended) throw new TypeError('this transaction is not open');
    tx.claimed.push(eventId);
    this.claims.set(eventId, ended);
  }

  private async enter(step: StoreStep): Promise<void> {
    if (this.down) throw databaseAway();
    await this.onStep?.(step);
  }
}
