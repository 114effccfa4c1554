import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { FailedEvent, ParkedRecord, Transaction } from '@millrace/messaging';
import { createTestDatabase, type TestDatabase } from '@millrace/testing';
import { eventually } from '@millrace/testing/runtime';
import { consumerMigrations } from '../migrations/consumer-migrations.js';
import { PostgresConsumerStore } from '../postgres-consumer-store.js';
import { recordFailure } from './record-failure.js';

const GROUP = 'fraud';
const TOPIC = 'order.created';

describe('a failure that is recorded while its parked event is driven', () => {
  let database: TestDatabase;
  let store: PostgresConsumerStore;

  beforeAll(async () => {
    database = await createTestDatabase(stack.postgres, { schema: 'fraud', migrations: consumerMigrations });
    store = new PostgresConsumerStore(database.dataSource);
  });

  afterAll(async () => {
    await database.drop();
  });

  async function waiting(): Promise<number> {
    const [row] = await database.dataSource.query<{ waiting: number }[]>(
      `SELECT count(*)::int AS waiting FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return row?.waiting ?? 0;
  }

  it('waits for the effect also when that begins between two of its statements', async () => {
    const key = Buffer.from('k');
    const place = { topic: TOPIC, partition: 2 };
    const record = { ...place, offset: 7n, key, value: null, headers: {}, timestamp: 0 };
    const parked: ParkedRecord = { eventId: randomUUID(), key, record, receivedAt: 0 };
    await store.park(GROUP, [parked], 0);
    const [begun, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let effect: Promise<void> | undefined;
    const beginEffect = async () => {
      effect = store.transaction(async (tx) => {
        await store.lockParked(tx, GROUP, { ...place, key }, 1);
        await store.takeParked(tx, GROUP, { ...place, key }, [parked], 0);
        begun.resolve();
        await end.promise;
      });
      await begun.promise;
    };
    const failure: FailedEvent = {
      ...{ group: GROUP, eventId: parked.eventId, state: 'dying', attempt: 1, reason: 'FATAL' },
      ...{ errorClass: 'FatalError', errorMessage: 'no', firstFailureAt: 0, ...place, offset: 7n },
    };
    const recording = store.transaction((tx) => recordFailure(afterFirst(tx, beginEffect), failure, 0));
    await eventually(async () => expect(await waiting()).toBe(1));
    end.resolve();
    await effect;
    expect(await recording).toBe('already-done');
    expect(await store.statesOf(GROUP, [parked.eventId])).toMatchObject([{ state: 'done' }]);
  });
});

/** A transaction in which something happens after its first statement. */
function afterFirst(tx: Transaction, happen: () => Promise<void>): Transaction {
  let first = true;
  return {
    query: async <Row extends object>(sql: string, parameters?: readonly unknown[]) => {
      const rows = await tx.query<Row>(sql, parameters);
      if (first) {
        first = false;
        await happen();
      }
      return rows;
    },
    write: (sql, parameters) => tx.write(sql, parameters),
  };
}
