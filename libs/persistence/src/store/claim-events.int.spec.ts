import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@millrace/testing';
import { eventually } from '@millrace/testing/runtime';
import type { Claim, FailedEvent, Transaction } from '@millrace/messaging';
import { ConsumerTables1 } from '../migrations/consumer-tables-1.migration.js';
import { PostgresConsumerStore } from '../postgres-consumer-store.js';

const GROUP = 'fraud';
const RECEIVED = Date.parse('2026-03-01T12:00:00.250Z');
const PROCESSED = Date.parse('2026-03-01T12:00:00.500Z');

describe('claiming events', () => {
  let database: TestDatabase;
  let store: PostgresConsumerStore;

  beforeAll(async () => {
    database = await createTestDatabase(stack.postgres, { schema: 'fraud', migrations: [ConsumerTables1] });
    store = new PostgresConsumerStore(database.dataSource);
  });

  afterAll(async () => {
    await database.drop();
  });

  beforeEach(async () => {
    await database.dataSource.query('TRUNCATE inbox, failed_event');
  });

  function claim(tx: Transaction, ids: readonly string[], group = GROUP): Promise<readonly Claim[]> {
    const entries = ids.map((eventId) => ({ eventId, receivedAt: RECEIVED }));
    return store.claim(tx, group, entries, PROCESSED);
  }

  function claimAll(ids: readonly string[], group = GROUP): Promise<readonly Claim[]> {
    return store.transaction((tx) => claim(tx, ids, group));
  }

  function failure(eventId: string, more: Partial<FailedEvent> = {}): FailedEvent {
    return {
      group: GROUP,
      eventId,
      state: 'dying',
      attempt: 3,
      reason: 'EXHAUSTED',
      errorClass: 'RetryableError',
      errorMessage: 'not yet',
      topic: 'order.created',
      partition: 2,
      offset: 2n ** 40n,
      ...more,
    };
  }

  it('gives an event to the one who claims it first', async () => {
    const id = randomUUID();
    expect(await claimAll([id])).toEqual([{ eventId: id, fresh: true }]);
    expect(await claimAll([id])).toEqual([{ eventId: id, fresh: false }]);
  });

  it('keeps when an event was received and processed, by the clock of the runtime', async () => {
    const id = randomUUID();
    await claimAll([id]);
    const rows = await database.dataSource.query('SELECT received_at, processed_at FROM inbox');
    expect(rows).toEqual([{ received_at: new Date(RECEIVED), processed_at: new Date(PROCESSED) }]);
  });

  it('tells fresh and known ones of one batch apart, and an event of two records once', async () => {
    const [known, fresh] = [randomUUID(), randomUUID()];
    await claimAll([known]);
    const claims = await claimAll([fresh, known, fresh]);
    expect([...claims].sort((a, b) => Number(a.fresh) - Number(b.fresh))).toEqual([
      { eventId: known, fresh: false },
      { eventId: fresh, fresh: true },
    ]);
  });

  it('claims for one group, not for another', async () => {
    const id = randomUUID();
    await claimAll([id]);
    expect(await claimAll([id], 'analytics')).toEqual([{ eventId: id, fresh: true }]);
  });

  it('claims nothing when there is nothing to claim', async () => {
    expect(await claimAll([])).toEqual([]);
  });

  it('lets go of an event whose transaction is rolled back', async () => {
    const id = randomUUID();
    const effect = store.transaction(async (tx) => {
      await claim(tx, [id]);
      throw new Error('the effect failed');
    });
    await expect(effect).rejects.toThrow('the effect failed');
    expect(await claimAll([id])).toEqual([{ eventId: id, fresh: true }]);
  });

  it.each([
    ['commits', undefined, false],
    ['rolls back', new Error('the effect failed'), true],
  ])('makes a second owner wait until the first one %s', async (_, error, fresh) => {
    const id = randomUUID();
    const claimed = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const first = store.transaction(async (tx) => {
      await claim(tx, [id]);
      claimed.resolve();
      await finish.promise;
      if (error) throw error;
    });
    const ended = first.catch(() => undefined);
    await claimed.promise;
    let answered = false;
    const second = claimAll([id]).finally(() => (answered = true));
    await eventually(async () => {
      const [row] = await database.dataSource.query<{ waiting: number }[]>(
        `SELECT count(*)::int AS waiting FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      expect(row?.waiting).toBe(1);
    });
    expect(answered).toBe(false);
    finish.resolve();
    await ended;
    expect(await second).toEqual([{ eventId: id, fresh }]);
  });

  it('does not deadlock two owners that claim the same events in opposite orders', async () => {
    const ids = Array.from({ length: 200 }, () => randomUUID());
    const owners = [ids, ids.toReversed(), ids, ids.toReversed()].map((order) => claimAll(order));
    const claims = (await Promise.all(owners)).flat().filter(({ fresh }) => fresh);
    expect(claims).toHaveLength(200);
  });

  it('hands out an event of any id, also of a day that has no partition', async () => {
    const ids = ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
    expect((await claimAll(ids)).every(({ fresh }) => fresh)).toBe(true);
  });

  it('does not give a dying event to the handler, and tells how it came to die', async () => {
    const id = randomUUID();
    expect(await store.recordFailure(failure(id), PROCESSED)).toBe('recorded');
    expect(await claimAll([id])).toEqual([
      {
        eventId: id,
        fresh: false,
        failure: {
          state: 'dying',
          acknowledged: false,
          attempt: 3,
          reason: 'EXHAUSTED',
          errorClass: 'RetryableError',
          errorMessage: 'not yet',
        },
      },
    ]);
    expect((await store.statesOf(GROUP, [id]))[0]?.state).toBe('dying');
  });

  it('tells a dead event from a dying one by its acknowledgement', async () => {
    const id = randomUUID();
    await store.recordFailure(failure(id), PROCESSED);
    await store.acknowledgeFailure(GROUP, id, PROCESSED);
    expect((await claimAll([id]))[0]).toMatchObject({
      fresh: false,
      failure: { state: 'dead', acknowledged: true },
    });
  });

  it('keeps a retrying event retrying when its retry is acknowledged', async () => {
    const id = randomUUID();
    await store.recordFailure(failure(id, { state: 'retrying' }), PROCESSED);
    await store.acknowledgeFailure(GROUP, id, PROCESSED);
    expect((await claimAll([id]))[0]).toMatchObject({
      fresh: false,
      failure: { state: 'retrying', acknowledged: true },
    });
  });

  it('gives a resolved event out again only if it has no effect yet', async () => {
    const id = randomUUID();
    await store.recordFailure(failure(id, { state: 'resolved' }), PROCESSED);
    expect(await claimAll([id])).toEqual([{ eventId: id, fresh: true }]);
  });

  it('does not mistake the failure of another group for its own', async () => {
    const id = randomUUID();
    await store.recordFailure(failure(id, { group: 'analytics' }), PROCESSED);
    expect(await claimAll([id])).toEqual([{ eventId: id, fresh: true }]);
  });
});
