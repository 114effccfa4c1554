import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { FailedEvent, ParkedRecord } from '@millrace/messaging';
import { createTestDatabase, type TestDatabase } from '@millrace/testing';
import { consumerMigrations } from '../migrations/consumer-migrations.js';
import { PostgresConsumerStore } from '../postgres-consumer-store.js';

const GROUP = 'fraud';
const AT = Date.parse('2026-03-01T12:00:00.500Z');

describe('events that left the happy path', () => {
  let database: TestDatabase;
  let store: PostgresConsumerStore;

  beforeAll(async () => {
    database = await createTestDatabase(stack.postgres, { schema: 'fraud', migrations: consumerMigrations });
    store = new PostgresConsumerStore(database.dataSource);
  });

  afterAll(async () => {
    await database.drop();
  });

  function failure(eventId: string, more: Partial<FailedEvent> = {}): FailedEvent {
    return {
      group: GROUP,
      eventId,
      state: 'dying',
      attempt: 0,
      reason: 'DECODE',
      errorClass: 'DecodeError',
      errorMessage: 'the payload is not JSON in UTF-8',
      firstFailureAt: AT - 1_000,
      topic: 'order.created',
      partition: 5,
      offset: 2n ** 62n,
      ...more,
    };
  }

  function parkedRecord(offset: bigint): ParkedRecord {
    const key = Buffer.from(`k${offset}`);
    const value = Buffer.from('{}');
    const record = { topic: 'order.created', partition: 5, offset, key, value, headers: {}, timestamp: AT };
    return { eventId: randomUUID(), key, record, receivedAt: AT };
  }

  async function rowOf(table: string, eventId: string): Promise<Record<string, unknown> | undefined> {
    const [row] = await database.dataSource.query<Record<string, unknown>[]>(
      `SELECT * FROM ${table} WHERE event_id = $1`,
      [eventId],
    );
    return row;
  }

  /** What the keeper does to a day's inbox that is past the horizon. */
  async function dropInboxOf(eventId: string): Promise<void> {
    await database.dataSource.query('DELETE FROM inbox WHERE event_id = $1', [eventId]);
  }

  it('keep everything that is known of them', async () => {
    const id = randomUUID();
    await store.recordFailure(failure(id, { state: 'retrying', notBefore: AT + 5_000 }), AT);
    expect(await rowOf('failed_event', id)).toMatchObject({
      consumer_group: GROUP,
      state: 'retrying',
      acked: false,
      attempt: 0,
      reason: 'DECODE',
      error_class: 'DecodeError',
      topic: 'order.created',
      partition: 5,
      source_offset: '4611686018427387904',
      first_failure_at: new Date(AT - 1_000),
      not_before: new Date(AT + 5_000),
      replay_id: null,
      updated_at: new Date(AT),
    });
    expect(await rowOf('inbox', id)).toMatchObject({ processed_at: null });
  });

  it('have one of the known states', async () => {
    const wrong = { ...failure(randomUUID()), state: 'lost' };
    await expect(store.recordFailure(wrong as FailedEvent, AT)).rejects.toThrow('failed_event_state_check');
  });

  it('take effect also when the day of their inbox row was dropped meanwhile', async () => {
    const id = randomUUID();
    await store.recordFailure(failure(id, { state: 'retrying', attempt: 1 }), AT);
    await dropInboxOf(id);
    const entry = { eventId: id, receivedAt: AT, by: { attempt: 1 } };
    const claims = await store.transaction((tx) => store.takeOver(tx, GROUP, [entry], AT));
    expect(claims).toEqual([{ eventId: id, standing: 'fresh' }]);
    expect(await rowOf('inbox', id)).toMatchObject({ processed_at: new Date(AT) });
  });

  it('take effect from their key also when the day of their inbox row was dropped meanwhile', async () => {
    const parked = parkedRecord(7n);
    const place = { topic: 'order.created', partition: 5, key: parked.key };
    await store.park(GROUP, [parked], AT);
    await dropInboxOf(parked.eventId);
    // A redelivery finds the parked row, and does not park the event twice.
    expect(await store.park(GROUP, [parked], AT)).toEqual([{ eventId: parked.eventId, standing: 'parked' }]);
    await dropInboxOf(parked.eventId);
    const taken = await store.transaction(async (tx) => {
      const run = await store.lockParked(tx, GROUP, place, 10);
      return store.takeParked(tx, GROUP, place, run?.records ?? [], AT);
    });
    expect(taken).toEqual({ free: true });
    expect(await rowOf('inbox', parked.eventId)).toMatchObject({ processed_at: new Date(AT) });
  });
});
