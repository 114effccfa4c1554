import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Transaction } from '@millrace/messaging';
import { createTestDatabase, type TestDatabase } from '@millrace/testing';
import { consumerMigrations } from '../migrations/consumer-migrations.js';
import { PostgresConsumerStore } from '../postgres-consumer-store.js';

const GROUP = 'fraud';
const RECEIVED = Date.parse('2026-03-01T12:00:00.250Z');
const PROCESSED = Date.parse('2026-03-01T12:00:00.500Z');

describe('claiming events', () => {
  let database: TestDatabase;
  let store: PostgresConsumerStore;

  beforeAll(async () => {
    database = await createTestDatabase(stack.postgres, { schema: 'fraud', migrations: consumerMigrations });
    store = new PostgresConsumerStore(database.dataSource);
  });

  afterAll(async () => {
    await database.drop();
  });

  /** Claims, and counts the statements that it took. */
  async function claim(ids: readonly string[]): Promise<{ standings: string[]; statements: number }> {
    const entries = ids.map((eventId) => ({ eventId, receivedAt: RECEIVED }));
    let statements = 0;
    const claims = await store.transaction((tx) => {
      const counting: Transaction = {
        query: (sql, parameters) => {
          statements += 1;
          return tx.query(sql, parameters);
        },
        write: (sql, parameters) => {
          statements += 1;
          tx.write(sql, parameters);
        },
      };
      return store.claim(counting, GROUP, entries, PROCESSED);
    });
    return { standings: claims.map(({ standing }) => standing), statements };
  }

  it('takes one statement while all of them are fresh, and a second one for the others', async () => {
    const ids = [randomUUID(), randomUUID(), randomUUID()];
    expect(await claim(ids)).toEqual({ standings: ['fresh', 'fresh', 'fresh'], statements: 1 });
    const more = [...ids, randomUUID()];
    expect(await claim(more)).toEqual({ standings: ['done', 'done', 'done', 'fresh'], statements: 2 });
    expect(await claim([])).toEqual({ standings: [], statements: 0 });
  });

  it('keeps when an event was received and processed, by the clock of the runtime', async () => {
    const id = randomUUID();
    await claim([id]);
    const rows = await database.dataSource.query(
      'SELECT received_at, processed_at FROM inbox WHERE event_id = $1',
      [id],
    );
    expect(rows).toEqual([{ received_at: new Date(RECEIVED), processed_at: new Date(PROCESSED) }]);
  });

  it('hands out an event of any id, also of a day that has no partition', async () => {
    const ids = ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
    expect((await claim(ids)).standings).toEqual(['fresh', 'fresh']);
  });

  it('gives up after a second when it is rehearsed and somebody else holds the event', async () => {
    const entries = [{ eventId: randomUUID(), receivedAt: RECEIVED }];
    await store.transaction(async (tx) => {
      await store.claim(tx, GROUP, entries, PROCESSED);
      const rehearsal = store.rehearse(async (inner) => {
        await store.claim(inner, GROUP, entries, PROCESSED);
      });
      await expect(rehearsal).rejects.toMatchObject({ code: '55P03' });
    });
  });

  it('knows an event whatever the case of its id', async () => {
    const id = randomUUID();
    expect((await claim([id.toUpperCase(), id])).standings).toEqual(['fresh']);
    expect((await claim([id.toUpperCase()])).standings).toEqual(['done']);
  });
});
