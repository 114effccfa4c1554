import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type {
  BlockedKey,
  BrokerRecord,
  Claim,
  ConsumerStore,
  EventState,
  FailedEvent,
  HeadWait,
  ParkedRecord,
  ParkedRun,
  TakenOver,
  Transaction,
} from '@millrace/messaging';
import { eventually } from '../../eventually.js';
import type { StoreUnderTest } from './store-under-test.js';

/** The moment at which the suite's events happen, milliseconds since the epoch. */
export const AT = Date.parse('2026-03-01T12:00:00.250Z');
/** Source topic of the suite's events. */
export const TOPIC = 'order.created';
/** What a transaction throws to roll itself back. */
export const ROLL_BACK = new Error('the effect failed');

/** An open transaction in which work was done; it ends as the test says. */
export interface HeldTransaction<Result> {
  readonly result: Result;
  commit(): Promise<void>;
  rollBack(): Promise<void>;
}

/** One group in the store under test, and the steps that the runtime takes in it. */
export class StoreBench {
  /** Fresh for each bench, so that tests share a store and nothing else. */
  readonly group = `g-${randomUUID()}`;
  readonly store: ConsumerStore;

  constructor(readonly under: StoreUnderTest) {
    this.store = under.store;
  }

  claim(ids: readonly string[], at = AT): Promise<readonly Claim[]> {
    return this.store.transaction((tx) => this.claimIn(tx, ids, at));
  }

  claimIn(tx: Transaction, ids: readonly string[], at = AT): Promise<readonly Claim[]> {
    const entries = ids.map((eventId) => ({ eventId, receivedAt: at - 5 }));
    return this.store.claim(tx, this.group, entries, at);
  }

  takeOver(eventId: string, by: TakenOver['by'], at = AT): Promise<readonly Claim[]> {
    return this.store.transaction((tx) => this.takeOverIn(tx, eventId, by, at));
  }

  takeOverIn(tx: Transaction, eventId: string, by: TakenOver['by'], at = AT): Promise<readonly Claim[]> {
    return this.store.takeOver(tx, this.group, [{ eventId, receivedAt: at - 5, by }], at);
  }

  /** A dying event, unless told otherwise. */
  failure(eventId: string, more: Partial<FailedEvent> = {}): FailedEvent {
    return {
      group: this.group,
      eventId,
      state: 'dying',
      attempt: 3,
      reason: 'EXHAUSTED',
      errorClass: 'RetryableError',
      errorMessage: 'not yet',
      firstFailureAt: AT - 1_000,
      topic: TOPIC,
      partition: 2,
      offset: 2n ** 62n,
      ...more,
    };
  }

  /** Makes an event dead, acknowledged. */
  async kill(eventId: string, at = AT): Promise<void> {
    await this.store.recordFailure(this.failure(eventId), at);
    await this.store.acknowledgeFailure({ group: this.group, eventId, attempt: 3 }, at);
  }

  /** Makes an event retrying, acknowledged. */
  async delay(eventId: string, attempt: number, at = AT): Promise<void> {
    const retrying = { state: 'retrying', attempt, reason: 'RETRYABLE', notBefore: at + 5_000 } as const;
    await this.store.recordFailure(this.failure(eventId, retrying), at);
    await this.store.acknowledgeFailure({ group: this.group, eventId, attempt }, at);
  }

  /** Parks a head that failed once and its followers, one offset apart from the first. */
  parkRun(keyText: string, count: 1, first?: bigint): Promise<[ParkedRecord]>;
  parkRun(keyText: string, count: 2): Promise<[ParkedRecord, ParkedRecord]>;
  parkRun(keyText: string, count: 3): Promise<[ParkedRecord, ParkedRecord, ParkedRecord]>;
  parkRun(keyText: string, count: number): Promise<[ParkedRecord, ...ParkedRecord[]]>;
  async parkRun(keyText: string, count: number, first = 10n): Promise<ParkedRecord[]> {
    const records = Array.from({ length: count }, (_, index) => parkedRecord(keyText, first + BigInt(index)));
    const wait: HeadWait = { attempt: 1, notBefore: AT, firstFailureAt: AT - 1_000 };
    await this.store.park(this.group, records, AT, wait);
    return records;
  }

  /** Makes the parked head of a key dead; it stays and blocks its key. */
  async killHead(head: ParkedRecord, at = AT, more: Partial<FailedEvent> = {}): Promise<void> {
    const failure = this.failure(head.eventId, { attempt: 4, offset: head.record.offset, ...more });
    await this.store.recordFailure(failure, at);
    const place = { ...placeOf(head), offset: head.record.offset, stays: true };
    const { group } = this;
    await this.store.acknowledgeFailure({ group, eventId: head.eventId, attempt: 4, head: place }, at);
  }

  /** What the driver of a key finds. */
  peek(key: BlockedKey, limit = 100): Promise<ParkedRun | undefined> {
    return this.store.transaction((tx) => this.store.lockParked(tx, this.group, key, limit));
  }

  /** Drives the lowest records of a key to their effect. */
  drive(key: BlockedKey, limit = 1, at = AT): Promise<{ readonly free: boolean } | undefined> {
    return this.store.transaction((tx) => this.driveIn(tx, key, limit, at));
  }

  async driveIn(
    tx: Transaction,
    key: BlockedKey,
    limit = 1,
    at = AT,
  ): Promise<{ readonly free: boolean } | undefined> {
    const run = await this.store.lockParked(tx, this.group, key, limit);
    return run && this.store.takeParked(tx, this.group, key, run.records, at);
  }

  due(at = AT, dead = false): Promise<readonly BlockedKey[]> {
    return this.store.dueKeys(this.group, TOPIC, 2, at, dead);
  }

  blocked(): Promise<readonly BlockedKey[]> {
    return this.store.blockedKeys(this.group, TOPIC, 2);
  }

  async stateOf(eventId: string): Promise<EventState | undefined> {
    return (await this.store.statesOf(this.group, [eventId]))[0]?.state;
  }

  /** Does work in a transaction and leaves it open. */
  async hold<Result>(work: (tx: Transaction) => Promise<Result>): Promise<HeldTransaction<Result>> {
    const worked = Promise.withResolvers<Result>();
    const end = Promise.withResolvers<void>();
    const ended = this.store.transaction(async (tx) => {
      worked.resolve(await work(tx));
      await end.promise;
    });
    ended.catch((error: unknown) => worked.reject(error));
    const result = await worked.promise;
    return {
      result,
      commit: () => {
        end.resolve();
        return ended;
      },
      rollBack: async () => {
        end.reject(ROLL_BACK);
        await ended.catch(() => undefined);
      },
    };
  }

  /** Asserts that a step waits for somebody else's lock. */
  async expectWaiting(step: Promise<unknown>): Promise<void> {
    let settled = false;
    const settle = () => {
      settled = true;
    };
    step.then(settle, settle);
    await eventually(async () => assert.equal(await this.under.waiting(), 1), { everyMs: 10 });
    assert.equal(settled, false, 'the step did not wait');
  }

  /** Whether the store holds those bytes or that text anywhere, however encoded. */
  async holds(secret: string): Promise<boolean> {
    const text = await this.under.everything();
    const bytes = Buffer.from(secret);
    return [secret, bytes.toString('hex'), bytes.toString('base64')].some((form) => text.includes(form));
  }
}

/** A record as it is parked, with a key of that text. */
export function parkedRecord(
  keyText: string,
  offset: bigint,
  more: Partial<BrokerRecord> = {},
): ParkedRecord {
  const key = Buffer.from(keyText);
  const record = {
    topic: TOPIC,
    partition: 2,
    offset,
    key,
    value: Buffer.from(`payload of ${keyText} at ${offset}`),
    headers: { ce_type: Buffer.from('order.created') },
    timestamp: AT - 20,
    ...more,
  };
  return { eventId: randomUUID(), key, record, receivedAt: AT - 10 };
}

/** Key and partition of a parked record. */
export function placeOf({ key, record }: ParkedRecord): BlockedKey {
  return { topic: record.topic, partition: record.partition, key };
}
