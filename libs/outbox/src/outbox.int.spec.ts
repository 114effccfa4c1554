import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ContractViolationError, FraudAssessed, InventoryReserved, OrderCreated } from '@millrace/contracts';
import { Transactions } from '@millrace/persistence';
import { contextFromTraceparent, ROOT_CONTEXT } from '@millrace/telemetry';
import { createTestDatabase, type TestDatabase } from '@millrace/testing';
import { orderCreated } from '@millrace/testing/runtime';
import { CaptureGate } from './capture-gate.js';
import { OutboxTable1 } from './migrations/outbox-table-1.migration.js';
import { OutboxTable2 } from './migrations/outbox-table-2.migration.js';
import { Outbox } from './outbox.js';

interface Row {
  readonly id: string;
  readonly topic: string;
  readonly aggregate_id: string;
  readonly causation_id: string;
  readonly payload: string;
  readonly traceparent: string;
}

let database: TestDatabase;
let transactions: Transactions;
const outbox = new Outbox();

beforeAll(async () => {
  const migrations = [OutboxTable1, OutboxTable2];
  database = await createTestDatabase(stack.postgres, { schema: 'order', migrations });
  transactions = new Transactions(database.dataSource);
});

afterAll(async () => {
  await database.drop();
});

beforeEach(async () => {
  await transactions.read('TRUNCATE outbox');
});

function rows(): Promise<Row[]> {
  return transactions.read<Row>('SELECT * FROM outbox ORDER BY id');
}

describe('Outbox', () => {
  it('writes everything that the connector needs', async () => {
    const order = orderCreated();
    const [event] = await transactions.run((tx) =>
      outbox.append([{ event: OrderCreated, data: order, cause: { context: ROOT_CONTEXT } }], tx),
    );
    expect(await rows()).toEqual([
      {
        id: event?.id,
        aggregate_type: 'order',
        aggregate_id: order.orderId,
        topic: 'order.created',
        type: 'order.created',
        source: '/millrace/order',
        data_schema: 'urn:millrace:schema:order.created:1',
        spec_version: '1.0',
        causation_id: event?.id,
        content_type: 'application/json',
        payload: JSON.stringify(order),
        traceparent: event?.traceparent,
        occurred_at: expect.any(Date),
      },
    ]);
  });

  it('gives every row a traceparent, also while telemetry is off', async () => {
    await transactions.run((tx) =>
      outbox.append([{ event: OrderCreated, data: orderCreated(), cause: { context: ROOT_CONTEXT } }], tx),
    );
    expect((await rows())[0]?.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/);
  });

  it('writes several events with one statement, in order, each with its own cause', async () => {
    const traces = ['0af7651916cd43dd8448eb211c80319c', '1af7651916cd43dd8448eb211c80319d'];
    const orders = traces.map(() => orderCreated());
    const statements: string[] = [];
    const appended = await transactions.run((tx) =>
      outbox.append(
        orders.map((data, index) => ({
          event: OrderCreated,
          data,
          cause: {
            id: `cause-${index}`,
            context: contextFromTraceparent(`00-${traces[index]}-b7ad6b7169203331-01`),
          },
        })),
        {
          query: (sql, parameters) => tx.query(sql, parameters),
          write: (sql, parameters) => {
            statements.push(sql);
            tx.write(sql, parameters);
          },
        },
      ),
    );
    expect(statements).toHaveLength(1);
    const written = await rows();
    expect(written.map(({ id }) => id)).toEqual(appended.map(({ id }) => id));
    expect(written.map(({ aggregate_id }) => aggregate_id)).toEqual(orders.map(({ orderId }) => orderId));
    expect(written.map(({ causation_id }) => causation_id)).toEqual(['cause-0', 'cause-1']);
    expect(written.map(({ traceparent }) => traceparent.split('-')[1])).toEqual(traces);
  });

  it('writes different contracts side by side', async () => {
    const cause = { context: ROOT_CONTEXT };
    await transactions.run((tx) =>
      outbox.append(
        [
          { event: FraudAssessed, data: FraudAssessed.examples[0]!, cause },
          { event: InventoryReserved, data: InventoryReserved.examples[0]!, cause },
        ],
        tx,
      ),
    );
    expect((await rows()).map(({ topic }) => topic)).toEqual(['fraud.assessed', 'inventory.reserved']);
  });

  it('asks the database nothing when there is nothing to append', async () => {
    const refuse = () => {
      throw new Error('a statement was sent');
    };
    expect(outbox.append([], { query: refuse, write: refuse })).toEqual([]);
  });

  it('refuses a payload that breaks its contract before anything is written', async () => {
    const cause = { context: ROOT_CONTEXT };
    const work = transactions.run((tx) =>
      outbox.append(
        [
          { event: OrderCreated, data: orderCreated(), cause },
          { event: OrderCreated, data: { ...orderCreated(), totalMinor: -1 }, cause },
        ],
        tx,
      ),
    );
    await expect(work).rejects.toBeInstanceOf(ContractViolationError);
    expect(await rows()).toEqual([]);
  });

  it('leaves nothing of a transaction that is rolled back', async () => {
    const work = transactions.run((tx) => {
      outbox.append([{ event: OrderCreated, data: orderCreated(), cause: { context: ROOT_CONTEXT } }], tx);
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await rows()).toEqual([]);
  });

  it.each([
    ['a topic that the broker would refuse', { topic: 'Order Created' }, 'outbox_topic_check'],
    ['a topic that is too short', { topic: 'ab' }, 'outbox_topic_check'],
    ['a topic that is too long', { topic: 'a'.repeat(202) }, 'outbox_topic_check'],
    ['a payload beyond 900,000 bytes', { payload: '€'.repeat(300_001) }, 'outbox_payload_check'],
    ['a header that would become the text null', { traceparent: null }, 'null value in column "traceparent"'],
  ])('is guarded against %s', async (_, change, problem) => {
    const row = { topic: 'order.created', payload: '{}', traceparent: '00', ...change };
    const insert = transactions.read(
      `INSERT INTO outbox (aggregate_type, aggregate_id, topic, type, source, data_schema, causation_id,
                           content_type, payload, traceparent)
       VALUES ('order', '1', $1, 't', 's', 'd', 'c', 'j', $2, $3)`,
      [row.topic, row.payload, row.traceparent],
    );
    await expect(insert).rejects.toThrow(problem);
  });
});

describe('CaptureGate', () => {
  afterEach(() => void jest.restoreAllMocks());

  const slot = `h_${Math.random().toString(36).slice(2)}`;

  it('opens once publication and slot exist, and not before', async () => {
    const gate = new CaptureGate(database.dataSource, { slot, schema: 'order' });
    expect(await gate.open()).toBe(false);
    await transactions.read(
      `CREATE PUBLICATION millrace_outbox FOR TABLE outbox WITH (publish = 'insert', publish_via_partition_root = true)`,
    );
    expect(await gate.open()).toBe(false);
    const asked = Date.now();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(asked);
    try {
      await transactions.read(`SELECT pg_create_logical_replication_slot($1, 'pgoutput')`, [slot]);
      expect(await gate.open()).toBe(true);
      expect(await new CaptureGate(database.dataSource, { slot, schema: 'fraud' }).open()).toBe(false);
    } finally {
      await transactions.read('SELECT pg_drop_replication_slot($1)', [slot]);
    }
    expect(await gate.open()).toBe(true);
    expect(await new CaptureGate(database.dataSource, { slot, schema: 'order' }).open()).toBe(false);
    clock.mockReturnValue(asked + 5_000);
    expect(await gate.open()).toBe(false);
  });
});
