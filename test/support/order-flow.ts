import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { consumersOf, topology } from '@millrace/contracts';
import { eventually } from '@millrace/testing/runtime';
import type pg from 'pg';
import { type ConsoleCommand, consumeWithConsole } from './console-consumer.js';
import { openPool, rowsOf } from './database.js';
import { orderBody, placeOrder, type PlacedOrder } from './orders.js';

/** A fleet that an order can be sent through, wherever it runs. */
export interface OrderFleet {
  /** Service → URL. */
  readonly services: Readonly<Record<string, string>>;
  /** URL of the mail sink. */
  readonly mail: string;
  /** URL of the superuser to the fleet's database. */
  readonly postgres: string;
  /** Kafka's console consumer, and the broker as it sees it. */
  readonly console: { readonly command: ConsoleCommand; readonly brokers: string };
}

/** JSON of a GET; throws unless it is answered with 200. */
async function get<Answer>(url: string): Promise<Answer> {
  const answer = await fetch(url);
  if (answer.status !== 200) throw new Error(`GET ${url} answered ${answer.status}`);
  return (await answer.json()) as Answer;
}

/** Declares the tests that send one order through a fleet; `bring` resolves when all of it is ready and in stock. */
export function describeOrderFlow(bring: () => Promise<OrderFleet>): void {
  describe('one order through the fleet', () => {
    let fleet: OrderFleet;
    let pool: pg.Pool;
    let order: PlacedOrder;
    const body = orderBody({
      lines: [
        { sku: 'MUG-BLUE', quantity: 2, unitPriceMinor: 1_490 },
        { sku: 'TEE-M', quantity: 1, unitPriceMinor: 2_990 },
        { sku: 'MUG-BLUE', quantity: 1, unitPriceMinor: 1_490 },
      ],
    });
    const customerId = String(body['customerId']);
    const readFromLog = (eventId: string) =>
      consumeWithConsole(fleet.console.command, fleet.console.brokers, 'order.created', eventId);
    const service = (name: string): string => fleet.services[name] ?? '';

    beforeAll(async () => {
      fleet = await bring();
      pool = openPool(fleet.postgres);
      order = await placeOrder(service('order'), body);
    });

    afterAll(() => pool?.end());

    it('answers with the total, its own id and the trace id, and finds the order again', async () => {
      expect(order).toMatchObject({
        status: 'pending',
        totalMinor: 3 * 1_490 + 2_990,
        currency: 'EUR',
        customerId,
      });
      expect(order.traceId).toMatch(/^[0-9a-f]{32}$/);
      await expect(get(`${service('order')}/orders/${order.id}`)).resolves.toMatchObject({ id: order.id });
    });

    it('is done in all five services by the ops endpoint', async () => {
      for (const { name } of consumersOf(topology, 'order.created')) {
        const url = `${service(name)}/ops/events/${order.eventId}`;
        await eventually(async () =>
          expect(await get(url)).toMatchObject({ group: name, eventId: order.eventId, state: 'done' }),
        );
      }
    });

    it('is counted by analytics', async () => {
      await eventually(async () => {
        const { items } = await get<{ items: { region: string; currency: string; orders: number }[] }>(
          `${service('analytics')}/totals`,
        );
        expect(items).toContainEqual(expect.objectContaining({ region: 'eu-west', currency: 'EUR' }));
      });
    });

    it('is confirmed to the customer by a mail that the sink received', async () => {
      await eventually(async () => {
        const { items } = await get<{ items: { state: string; channel: string; sentAt: string }[] }>(
          `${service('notification')}/notifications?orderId=${order.id}`,
        );
        expect(items).toEqual([expect.objectContaining({ state: 'sent', channel: 'mail' })]);
      });
      const to = encodeURIComponent(`${customerId}@example.com`);
      const { items } = await get<{ items: { subject: string }[] }>(`${fleet.mail}/messages?to=${to}`);
      expect(items).toHaveLength(1);
    });

    it('is judged by fraud', async () => {
      await eventually(async () =>
        expect(await get(`${service('fraud')}/assessments/${order.id}`)).toMatchObject({
          outcome: 'approve',
          orderId: order.id,
        }),
      );
    });

    it('is reserved by inventory, lines of one SKU folded', async () => {
      await eventually(async () =>
        expect(await get(`${service('inventory')}/reservations/${order.id}`)).toMatchObject({
          status: 'confirmed',
          lines: [
            { sku: 'MUG-BLUE', quantity: 3 },
            { sku: 'TEE-M', quantity: 1 },
          ],
        }),
      );
    });

    it('is a feature of its customer', async () => {
      await eventually(async () => {
        const answer = await fetch(`${service('feature-store')}/get-online-features`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            features: ['customer_orders:count_24h', 'customer_orders:sum_minor_24h_eur'],
            entities: { customer_id: [customerId] },
          }),
        });
        const text = await answer.text();
        expect(answer.status).toBe(200);
        expect(text).toContain(String(3 * 1_490 + 2_990));
        expect(text).toContain('PRESENT');
      });
    });

    it('is read by an independent client with key, one of each header and its trace', async () => {
      const record = await readFromLog(order.eventId);
      expect(record.key).toBe(order.id);
      expect(JSON.parse(record.value)).toMatchObject({
        orderId: order.id,
        customerId,
        totalMinor: order.totalMinor,
      });
      const names = record.headers.map(([name]) => name).toSorted();
      expect(names).toEqual([
        'ce_causationid',
        'ce_dataschema',
        'ce_id',
        'ce_source',
        'ce_specversion',
        'ce_subject',
        'ce_time',
        'ce_type',
        'content-type',
        'traceparent',
      ]);
      const headers = Object.fromEntries(record.headers);
      expect(Object.values(headers)).not.toContain('null');
      expect(headers).toMatchObject({
        ce_id: order.eventId,
        ce_type: 'order.created',
        ce_source: '/millrace/order',
        ce_subject: order.id,
        ce_specversion: '1.0',
        ce_dataschema: 'urn:millrace:schema:order.created:1',
        ce_causationid: order.eventId,
        'content-type': 'application/json',
      });
      expect(headers['ce_time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
      expect(headers['traceparent']).toMatch(new RegExp(`^00-${order.traceId}-[0-9a-f]{16}-0[01]$`));
    });

    it('has payload bytes on the log that equal the outbox text', async () => {
      const [row] = await rowsOf<{ payload: string }>(
        pool,
        `SELECT payload FROM "order".outbox WHERE id = $1`,
        [order.eventId],
      );
      const record = await readFromLog(order.eventId);
      expect(record.value).toBe(row?.payload);
    });

    it('that was rolled back after its outbox insert appears nowhere', async () => {
      const orderId = '01900000-0000-7000-8000-00000000dead';
      const client = await pool.connect();
      await client.query('BEGIN');
      await client.query(
        `INSERT INTO "order".outbox (id, aggregate_type, aggregate_id, topic, type, source, data_schema,
                                   causation_id, content_type, payload, traceparent)
       SELECT ($1::text)::uuid, aggregate_type, $1::text, topic, type, source, data_schema, $1::text, content_type,
              replace(payload, $2, $1::text), traceparent
         FROM "order".outbox WHERE id = $3::uuid`,
        [orderId, order.id, order.eventId],
      );
      await client.query('ROLLBACK');
      client.release();
      // The log is in commit order: once a later order is everywhere, the rolled-back one would have been too.
      const fence = await placeOrder(service('order'));
      for (const { name } of consumersOf(topology, 'order.created')) {
        await eventually(async () =>
          expect(await get(`${service(name)}/ops/events/${fence.eventId}`)).toMatchObject({ state: 'done' }),
        );
        expect(await get(`${service(name)}/ops/events/${orderId}`)).toMatchObject({ state: 'unknown' });
      }
      expect((await fetch(`${service('order')}/orders/${orderId}`)).status).toBe(404);
    });
  });
}
