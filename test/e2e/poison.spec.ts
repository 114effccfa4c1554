import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { consumersOf, deadLetterTopic, schemaOf, topology } from '@millrace/contracts';
import { createKafkaBroker, readRecord, type Broker } from '@millrace/messaging';
import { eventually } from '@millrace/testing/runtime';
import type pg from 'pg';
import { openPool, rowsOf } from '../support/database.js';
import { ready } from '../support/fleet.js';
import { placeOrder } from '../support/orders.js';

const PARTITION = 0;

interface Poison {
  readonly what: string;
  readonly reason: string;
  readonly marker: string;
  readonly value: Buffer;
  readonly headers: Record<string, string>;
}

function poison(what: string, reason: string, value: Buffer, withId: boolean): Poison {
  const marker = randomUUID();
  const headers: Record<string, string> = {
    ce_type: 'order.created',
    ce_source: '/millrace/order',
    ce_specversion: '1.0',
    ce_time: new Date().toISOString(),
    'content-type': 'application/json',
    'x-test-marker': marker,
    ...(withId ? { ce_id: randomUUID() } : {}),
  };
  return { what, reason, marker, value, headers };
}

const poisons = [
  poison('bytes that are no JSON', 'DECODE', Buffer.from([0xff, 0x00, 0x7b, 0xfe]), true),
  poison('a record without ce_id', 'DECODE', Buffer.from('{"orderId":"x"}'), false),
  poison('a payload that breaks the contract', 'CONTRACT', Buffer.from('{"orderId":"not-a-uuid"}'), true),
];

describe('poison on order.created', () => {
  let pool: pg.Pool;
  let broker: Broker;

  beforeAll(async () => {
    await ready();
    pool = openPool(stack.postgres);
    broker = createKafkaBroker({ clientId: 'poison', brokers: [stack.kafka] });
    await broker.send(
      poisons.map(({ value, headers }) => ({
        topic: 'order.created',
        partition: PARTITION,
        key: Buffer.from('poison'),
        value,
        headers,
      })),
    );
  });

  afterAll(async () => {
    await broker?.close();
    await pool?.end();
  });

  for (const { name: group } of consumersOf(topology, 'order.created')) {
    it.each(poisons)(`$what is a dead letter of ${group} with its raw bytes and its place`, async (sent) => {
      const letter = await readRecord({
        brokers: [stack.kafka],
        topic: deadLetterTopic(group, 'order.created'),
        matches: (record) => record.headers['x-test-marker']?.toString() === sent.marker,
        timeoutMs: 60_000,
      });
      expect(letter?.value?.equals(sent.value)).toBe(true);
      expect(letter?.partition).toBe(PARTITION);
      const header = (name: string): string | undefined => letter?.headers[name]?.toString();
      expect(header('x-original-topic')).toBe('order.created');
      expect(header('x-original-partition')).toBe(String(PARTITION));
      expect(header('x-original-offset')).toMatch(/^\d+$/);
      expect(header('x-error-reason')).toBe(sent.reason);
      expect(header('x-group')).toBe(group);
      const rows = await eventually(async () => {
        const found = await rowsOf<{ state: string; acked: boolean; reason: string }>(
          pool,
          `SELECT state, acked, reason FROM ${schemaOf(group)}.failed_event
            WHERE partition = $1 AND source_offset = $2`,
          [PARTITION, header('x-original-offset')],
        );
        expect(found[0]?.acked).toBe(true);
        return found;
      });
      expect(rows).toEqual([{ state: 'dead', acked: true, reason: sent.reason }]);
    });
  }

  it('does not stop the partition: orders of every partition go on', async () => {
    const orders = await Promise.all(
      Array.from({ length: 24 }, () => placeOrder(stack.services['order'] ?? '')),
    );
    for (const { name } of consumersOf(topology, 'order.created')) {
      await eventually(async () => {
        const answer = await fetch(`${stack.services[name]}/ops/events/states`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ ids: orders.map(({ eventId }) => eventId) }),
        });
        const { items } = (await answer.json()) as { items: { state: string }[] };
        expect(items.map(({ state }) => state)).toEqual(orders.map(() => 'done'));
      });
    }
  });
});
