import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  consumersOf,
  deadLetterTopic,
  OrderCreated,
  schemaOf,
  topicsOf,
  topology,
} from '@millrace/contracts';
import { createKafkaBroker, type Broker } from '@millrace/messaging';
import { eventually } from '@millrace/testing/runtime';
import type pg from 'pg';
import { openPool, rowsOf } from '../support/database.js';
import { orderBody, placeOrder, type PlacedOrder } from '../support/orders.js';
import { startObservedStack, type ObservedStack } from './support/observed-stack.js';
import { poisonOrders } from './support/poison.js';
import { SpanSink } from './support/span-sink.js';

/** Tells all canaries, and nothing else in the run. */
const MARK = `kanari${randomUUID().slice(0, 8)}`;

/** Canaries for every way of an order: it takes effect, its mail bounces, a database refuses its row, it is poison. */
const CANARIES = ['well', 'bounced', 'refused', 'unreadable', 'broken'] as const;

function customerOf(canary: (typeof CANARIES)[number]) {
  const domain = canary === 'bounced' ? 'bounce.test' : 'example.com';
  return { email: `${MARK}.${canary}@${domain}`, name: `${MARK} ${canary}`, locale: 'en' };
}

async function becomes<State>(wanted: State, read: () => State | Promise<State>): Promise<void> {
  await eventually(async () => {
    const state = await read();
    if (state !== wanted) throw new Error(`is ${String(state)}, not ${String(wanted)}`);
  });
}

describe('the mail address and the name of a customer', () => {
  let observed: ObservedStack;
  let spans: SpanSink;
  let broker: Broker;
  let pool: pg.Pool;

  /** Waits until the group has an event in a state. */
  const stands = (group: string, eventId: string, wanted: string) =>
    becomes(wanted, async () => {
      const answer = await fetch(`${observed.stack.services[group]}/ops/events/${eventId}`);
      return ((await answer.json()) as { state: string }).state;
    });
  /** Waits until the mail about an order is in a state. */
  const mailIs = (order: PlacedOrder, wanted: string) =>
    becomes(wanted, async () => {
      const answer = await fetch(
        `${observed.stack.services['notification']}/notifications?orderId=${order.id}`,
      );
      return ((await answer.json()) as { items: { state: string }[] }).items[0]?.state;
    });

  /** Where something shows that may not hold a canary; each line tells its place. */
  const withCanary = (place: string, text: string) =>
    text
      .split('\n')
      .filter((line) => line.includes(MARK))
      .map((line) => `${place}: ${line.slice(0, 500)}`);

  beforeAll(async () => {
    spans = await SpanSink.start();
    observed = await startObservedStack({
      environment: { OTEL_EXPORTER_OTLP_ENDPOINT: spans.url, LOG_LEVEL: 'trace' },
    });
    const { stack } = observed;
    pool = openPool(stack.postgres);
    broker = createKafkaBroker({ clientId: 'canary', brokers: [stack.kafka] });
    const order = stack.services['order'] ?? '';
    const placed = (canary: (typeof CANARIES)[number]) =>
      placeOrder(order, orderBody({ customer: customerOf(canary) }));

    await pool.query(
      `ALTER TABLE notification.notification ADD CONSTRAINT refuses CHECK (recipient NOT LIKE '%.refused@%') NOT VALID`,
    );
    const [well, bounced] = [await placed('well'), await placed('bounced')];
    const refused = await placed('refused');
    await mailIs(well, 'sent');
    await mailIs(bounced, 'failed');
    await stands('notification', refused.eventId, 'retrying');

    const poison = await poisonOrders(stack.kafka, [
      `{"customer":{"email":"${customerOf('unreadable').email}","name":`,
      JSON.stringify({ orderId: customerOf('broken').email, customer: customerOf('broken') }),
    ]);
    for (const { name } of consumersOf(topology, OrderCreated.topic))
      for (const id of poison) await stands(name, id, 'dead');
    // What is dead by now has been told everywhere; the last spans leave within seconds.
    const letters = deadLetterTopic('notification', OrderCreated.topic);
    await becomes(true, () => spans.text.includes(letters));
  });

  afterAll(async () => {
    await broker?.close();
    await pool?.end();
    await observed?.close();
    await spans?.close();
  });

  it('reach the mail, so that the canaries have been everywhere', async () => {
    const answer = await fetch(`${observed.stack.mail}/messages?to=${customerOf('well').email}`);
    expect(await answer.text()).toContain(customerOf('well').name);
  });

  it('are in no log of a service, of Postgres, of Kafka or of Connect', () => {
    const folder = join(observed.directory, 'logs');
    const files = readdirSync(folder);
    expect(files).toEqual(
      expect.arrayContaining(['notification.log', 'postgres.log', 'kafka.log', 'connect.log']),
    );
    expect(files.flatMap((file) => withCanary(file, readFileSync(join(folder, file), 'utf8')))).toEqual([]);
  });

  it('are in no span', () => {
    expect(spans.text).toContain('process order.created');
    expect(withCanary('span', spans.text.replaceAll('"name":', '\n"name":'))).toEqual([]);
  });

  it('are in no metric', async () => {
    for (const [service, url] of Object.entries(observed.stack.services)) {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      expect(metrics).toContain('millrace_');
      expect(withCanary(service, metrics)).toEqual([]);
    }
  });

  it('are in no header and no key of any topic', async () => {
    const found: string[] = [];
    let seen = 0;
    for (const { name } of topicsOf(topology)) {
      await broker.scan(name, async ({ key, headers, offset }) => {
        const shown = [
          key?.toString() ?? '',
          ...Object.entries(headers).map(([header, value]) => `${header}=${String(value)}`),
        ];
        seen += 1;
        found.push(...withCanary(`${name} ${offset}`, shown.join('\n')));
        return 'continue';
      });
    }
    expect(seen).toBeGreaterThan(10);
    expect(found).toEqual([]);
  });

  it('are in no reason that is kept of a failure', async () => {
    const reasons: string[] = [];
    for (const { name } of consumersOf(topology)) {
      const kept = await rowsOf<{ text: string }>(
        pool,
        `SELECT concat_ws(' ', reason, error_class, error_message) AS text FROM "${schemaOf(name)}".failed_event`,
      );
      reasons.push(...kept.map(({ text }) => `${name}: ${text}`));
    }
    const mails = await rowsOf<{ text: string }>(
      pool,
      `SELECT last_error AS text FROM notification.notification WHERE last_error IS NOT NULL`,
    );
    reasons.push(...mails.map(({ text }) => text));
    expect(reasons.length).toBeGreaterThan(10);
    expect(withCanary('reason', reasons.join('\n'))).toEqual([]);
  });
});
